module.exports = require('../../lib/staycode.cjs').stayMessage;
