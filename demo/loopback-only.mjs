/**
 * Loaded before Homebridge (`node --import`): its HAP server listens on every address of the machine, whatever `bind` in its settings
 * says. In the demo and in the tests it listens on the machine's own alone.
 */
import { Server } from 'node:net';

const { listen } = Server.prototype;
Server.prototype.listen = function (port, host, ...rest) {
  const isPort = typeof port === 'number' || typeof port === 'string';
  return listen.call(
    this,
    port,
    isPort && (host === '0.0.0.0' || host === '::') ? '127.0.0.1' : host,
    ...rest,
  );
};
