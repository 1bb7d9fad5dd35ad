module.exports = require('../../lib/staycode.cjs').stayLock;
