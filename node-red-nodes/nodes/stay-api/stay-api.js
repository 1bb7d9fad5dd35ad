module.exports = require('../../lib/staycode.cjs').stayApi;
