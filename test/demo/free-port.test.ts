import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { freePort } from '../../demo/free-port.ts';

describe('freePort', () => {
  it('gives a port that the system gives to nobody who asks for any, so it is still free when its program listens', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    const anyPorts = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        server.close();
        return port;
      }),
    );
    assert(Math.max(...ports) < Math.min(...anyPorts), `${String(ports)}, and of any: ${String(anyPorts)}`);
    const taken = createServer().listen(ports[0], '127.0.0.1');
    await once(taken, 'listening');
    taken.close();
  });

  it('gives the one that is wanted', async () => {
    assert.equal(await freePort(18_883), 18_883);
  });
});
