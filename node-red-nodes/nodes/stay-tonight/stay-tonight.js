module.exports = require('../../lib/staycode.cjs').stayTonight;
