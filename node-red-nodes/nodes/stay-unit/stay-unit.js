module.exports = require('../../lib/staycode.cjs').stayUnit;
