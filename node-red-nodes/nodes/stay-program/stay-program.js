module.exports = require('../../lib/staycode.cjs').stayProgram;
