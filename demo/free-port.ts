/** A TCP port of 127.0.0.1 for a program that cannot say which one it got. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The wanted port, or a free one for 0 and undefined. */
export async function freePort(wanted = 0): Promise<number> {
  if (wanted !== 0) return wanted;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
