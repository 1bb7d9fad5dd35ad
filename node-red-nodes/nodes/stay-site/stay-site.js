module.exports = require('../../lib/staycode.cjs').staySite;
