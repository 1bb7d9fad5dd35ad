/** A TCP port of 127.0.0.1 for a program that cannot say which one it got. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Systems give the ports from 32768 on, or from higher up, to whoever asks for any; one of those could be given away again
 * before the program that it is for listens, seconds later. Browsers open nothing at 10080.
 */
const PORTS = { from: 10_081, below: 32_768 } as const;

/** The wanted port, or a free one for 0 and undefined. */
export async function freePort(wanted = 0): Promise<number> {
  if (wanted !== 0) return wanted;
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.below);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
