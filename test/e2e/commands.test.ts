import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A command as npx finds it in a clone. */
function run(name: string, args: string[]): { status: number | null; out: string } {
  // npx puts the clone's own commands, and with them its Node, in front.
  const bin = join(root, 'node_modules/.bin');
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  const { status, stdout } = spawnSync(join(bin, name), args, { cwd: root, encoding: 'utf8', env });
  return { status, out: stdout };
}

describe('the commands of a clone', () => {
  it('staycode states the odds', () => {
    const { status, out } = run('staycode', ['odds', '--json']);
    assert.equal(status, 0);
    assert((JSON.parse(out) as { perYear: number }).perYear < 0.01);
  });

  it('staycode-lock plays the scenarios and ends on how many passed and failed', () => {
    const file = 'test/vectors/lock-scenarios.jsonl';
    const { status, out } = run('staycode-lock', ['--scenario', file]);
    assert.equal(status, 0);
    const passed = readFileSync(join(root, file), 'utf8').trim().split('\n').length;
    assert.deepEqual(JSON.parse(out.trim().split('\n').at(-1) ?? ''), { passed, failed: 0 });
  });
});
