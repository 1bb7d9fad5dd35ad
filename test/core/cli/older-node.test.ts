import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const COMMAND = join(import.meta.dirname, '../../../core/bin/staycode.js');

describe('the staycode command on a Node that is too old for it', () => {
  it('says which Node it expected, and no more', () => {
    // What an older Node lacks.
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-experimental-sqlite', COMMAND, 'odds'],
      { encoding: 'utf8' },
    );
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^staycode: expected Node 22\.13 or newer, got v\S+\n$/u);
  });
});
