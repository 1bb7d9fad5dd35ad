module.exports = require('../../lib/staycode.cjs').stayLockOut;
