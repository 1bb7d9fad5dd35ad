/** The real parts that a test may need, and how a test says that one is missing here. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder with the published vectors and the real feeds, beside the repo; the suite also runs without it. */
export const SHARED: string = join(import.meta.dirname, '../../../shared');

/** Skips the running test, or from a hook its suite; the reason goes into the titles, for nothing else gets out of a worker. */
export function skipUnless(context: Mocha.Context, present: boolean, why: string): void {
  if (present) return;
  const running = context.test;
  const isHook = (running as { type?: string } | undefined)?.type === 'hook';
  const say = (test: { title: string }): void => {
    if (!test.title.endsWith(`(${why})`)) test.title += ` (${why})`;
  };
  if (isHook) running?.parent?.eachTest(say);
  else if (running) say(running);
  context.skip();
}

export function needsShared(context: Mocha.Context): void {
  skipUnless(context, existsSync(SHARED), 'the shared folder with vectors and feeds is not beside the repo');
}

/** Whether a program is on this machine's PATH. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

export const CHROMIUM = '/usr/bin/chromium';
export function needsChromium(context: Mocha.Context): void {
  skipUnless(context, existsSync(CHROMIUM), `no browser at ${CHROMIUM}`);
}
