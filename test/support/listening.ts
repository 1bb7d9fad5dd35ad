/** Where a port is listened on, as the kernel tells it (Linux). */
import { readFileSync } from 'node:fs';

const LISTEN = '0A';

/** Addresses as `/proc/net` writes them, such as `0100007F` for 127.0.0.1; none where nobody listens. */
export function listeningOn(port: number): string[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local = '', , state] = line.trim().split(/\s+/u);
        const [address = '', hexPort = ''] = local.split(':');
        return state === LISTEN && parseInt(hexPort, 16) === port ? [address] : [];
      }),
  );
}

export const LOOPBACK = '0100007F';
