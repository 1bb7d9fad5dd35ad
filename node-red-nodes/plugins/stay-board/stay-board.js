module.exports = (RED) => require('../../lib/staycode.cjs').stayBoard(RED, __dirname);
