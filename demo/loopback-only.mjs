/**
 * Loaded before Homebridge and its UI (`node --import`): the HAP server listens on every address of the machine, whatever `bind` in
 * its settings says; the UI looks for bridges on every network that there is, and asks the internet for newer versions. In the demo
 * and in the tests both keep to the machine itself.
 */
import { Socket } from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Server } from 'node:net';

const SELF = '127.0.0.1';

const { listen } = Server.prototype;
Server.prototype.listen = function (port, host, ...rest) {
  const isPort = typeof port === 'number' || typeof port === 'string';
  return listen.call(this, port, isPort && (host === '0.0.0.0' || host === '::') ? SELF : host, ...rest);
};

const { addMembership, setMulticastInterface } = Socket.prototype;
Socket.prototype.addMembership = function (group) {
  addMembership.call(this, group, SELF);
};
Socket.prototype.setMulticastInterface = function () {
  setMulticastInterface.call(this, SELF);
};

const { lookup } = dns;
dns.lookup = function (name, ...rest) {
  if (name === 'localhost' || name === SELF || name === '0.0.0.0') lookup.call(dns, name, ...rest);
  else
    process.nextTick(
      rest.at(-1),
      Object.assign(new Error(`${name} is not this machine`), { code: 'ENOTFOUND' }),
    );
};
syncBuiltinESMExports();
