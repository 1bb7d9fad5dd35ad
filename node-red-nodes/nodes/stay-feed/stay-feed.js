module.exports = require('../../lib/staycode.cjs').stayFeed;
