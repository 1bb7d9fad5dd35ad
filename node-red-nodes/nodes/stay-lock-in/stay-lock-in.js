module.exports = require('../../lib/staycode.cjs').stayLockIn;
