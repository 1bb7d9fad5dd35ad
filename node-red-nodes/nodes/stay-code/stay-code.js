module.exports = require('../../lib/staycode.cjs').stayCode;
