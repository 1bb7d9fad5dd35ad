/**
 * Loaded into `node-red-dev` before its own code: nothing leaves this machine. What it would ask the registry about Node-RED is
 * answered from the packages installed here, and the catalogue of flows is empty, so that checks against it say nothing.
 */
const Module = require('node:module');
const net = require('node:net');

const fromTool = Module.createRequire(require.resolve('node-red-dev/package.json'));
const newest = require('node-red/package.json');
const older = require('node-red-4/package.json');

const ANSWERS = {
  'https://catalogue.nodered.org/catalogue.json': { modules: [] },
  'https://registry.npmjs.org/node-red': {
    'dist-tags': { latest: newest.version, 'v4-maintenance': older.version },
    versions: { [newest.version]: newest, [older.version]: older },
  },
};

fromTool('axios').get = async (address) => {
  const data = ANSWERS[address];
  if (data === undefined) throw new Error(`scorecard: expected no request, got one to ${address}`);
  return { data };
};
net.Socket.prototype.connect = function () {
  throw new Error('scorecard: expected no connection');
};

// @oclif/errors takes whatever chalk lies about, and knows only the versions that are CommonJS.
const chalk = Module.createRequire(fromTool.resolve('@oclif/parser'))('chalk');
const load = Module._load;
Module._load = function (name, parent, isMain) {
  return name === 'chalk' && parent?.path.includes('@oclif') ? chalk : load.call(this, name, parent, isMain);
};
