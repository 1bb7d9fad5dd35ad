module.exports = require('../../lib/staycode.cjs').stayVerify;
