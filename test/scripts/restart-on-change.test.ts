import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Restarted, restartOnChange } from '../../scripts/restart-on-change.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const LATE_MS = 20_000;

describe('restart on change', () => {
  let folder: string;
  let steps: string[];
  let builds: boolean;
  /** Lets a build take until it is given up. */
  let buildsForEver: boolean;
  let restarted: Restarted;

  beforeEach(async () => {
    folder = scratchFolder();
    for (const name of ['src', 'dist']) mkdirSync(join(folder, name));
    steps = [];
    builds = true;
    buildsForEver = false;
    restarted = restartOnChange({
      folders: [folder],
      quietMs: 50,
      onChange: (file) => steps.push(`changed ${file}`),
      build: async (signal) => {
        steps.push('build');
        if (buildsForEver) await once(signal, 'abort');
        return builds;
      },
      start: () => {
        steps.push('start');
        return Promise.resolve(() => {
          steps.push('end');
          return Promise.resolve();
        });
      },
    });
    await reached('start');
  });
  afterEach(async () => {
    await restarted.close();
    removeScratch();
  });

  const write = (name: string, text = 'x'): void => {
    writeFileSync(join(folder, name), text);
  };

  /** Takes the steps up to the next one of this name. */
  async function reached(step: string): Promise<string[]> {
    const late = AbortSignal.timeout(LATE_MS);
    while (!steps.includes(step)) {
      if (late.aborted) throw new Error(`expected ${step}, got ${steps.join(', ')}`);
      await pause(5);
    }
    return steps.splice(0, steps.indexOf(step) + 1);
  }

  it('ends, builds and starts anew when a source changes', async () => {
    write('src/lock.ts');
    assert.deepEqual(await reached('start'), ['changed src/lock.ts', 'end', 'build', 'start']);
  });

  it('notices a file in a folder that is new, and one that an editor renames into place', async () => {
    mkdirSync(join(folder, 'src/new'));
    await reached('start');
    write('src/new/lock.ts.tmp');
    renameSync(join(folder, 'src/new/lock.ts.tmp'), join(folder, 'src/new/lock.ts'));
    assert.deepEqual(await reached('start'), ['changed src/new/lock.ts', 'end', 'build', 'start']);
  });

  it('takes many changes at once up together', async () => {
    for (let n = 0; n < 20; n++) write(`src/${'abcdefghijklmnopqrst'.charAt(n)}.ts`);
    await reached('start');
    // A change of its own comes after all that is left of those.
    write('src/last.ts');
    assert.deepEqual(await reached('start'), ['changed src/last.ts', 'end', 'build', 'start']);
  });

  it('does not start itself anew by what it builds, or by what an editor keeps beside a file', async () => {
    for (const name of ['dist/lock.js', 'src/.lock.ts.swp', 'src/lock.ts~', 'src/4913']) write(name);
    await pause(200);
    write('src/lock.ts');
    assert.deepEqual(await reached('start'), ['changed src/lock.ts', 'end', 'build', 'start']);
  });

  it('runs nothing that cannot be built, and what can be after the next change', async () => {
    builds = false;
    write('src/lock.ts', 'wrong');
    assert.deepEqual(await reached('build'), ['changed src/lock.ts', 'end', 'build']);
    builds = true;
    write('src/lock.ts', 'right');
    assert.deepEqual(await reached('start'), ['changed src/lock.ts', 'build', 'start']);
  });

  it('ends what runs when it is closed, and starts nothing more', async () => {
    await restarted.close();
    assert.deepEqual(await reached('end'), ['end']);
    write('src/lock.ts');
    await pause(200);
    assert.deepEqual(steps, []);
  });

  it('has what is being built given up when it is closed, and does not start it', async () => {
    buildsForEver = true;
    write('src/lock.ts');
    await reached('build');
    await restarted.close();
    assert.deepEqual(steps, []);
  });
});
