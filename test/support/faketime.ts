/** Another date for a child process: Debian's libfaketime, on the wall clock alone. */
import { existsSync, globSync } from 'node:fs';
import { skipUnless } from './parts.ts';

const library = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0] ?? '/usr/lib/faketime/libfaketime.so.1';

export function needsFaketime(context: Mocha.Context): void {
  skipUnless(context, existsSync(library), 'no libfaketime here');
}

/** Environment for a process whose time starts at this moment and then runs on. */
export function faketimeEnv(startAt: string): Record<string, string> {
  const local = new Date(startAt).toISOString().replace('T', ' ').slice(0, 19);
  return { LD_PRELOAD: library, FAKETIME: `@${local}`, FAKETIME_DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
}
