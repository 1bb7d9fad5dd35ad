module.exports = require('../../lib/staycode.cjs').stayPms;
