import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DoorKnowledge, NOTHING_KNOWN } from '../../homebridge-plugin/src/door-knowledge.ts';
import { type DoorStore, openDoorStore } from '../../homebridge-plugin/src/door-store.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const KNOWN: DoorKnowledge = {
  arrivals: [{ unitId: 'flat-a', startsAtMs: 1, endsAtMs: 2 }],
  alarm: true,
  lastAction: { operation: 'Unlock', source: 'Keypad' },
};

describe('the store of what is known of doors', () => {
  let folder: string;
  let troubles: string[];
  const path = (): string => join(folder, 'staycode', 'doors.json');
  const open = (): DoorStore => openDoorStore(path(), (what) => troubles.push(what));

  beforeEach(() => {
    folder = scratchFolder();
    troubles = [];
  });
  afterEach(removeScratch);

  it('knows nothing of a door at first, and begins without a word', () => {
    assert.deepEqual(open().of('door'), NOTHING_KNOWN);
    assert.deepEqual(troubles, []);
  });

  it('gives each door back after a restart, from a file that only its owner reads', () => {
    const store = open();
    store.keep('door', KNOWN);
    store.keep('__proto__', { ...KNOWN, alarm: false });
    assert.deepEqual(open().of('door'), KNOWN);
    assert.deepEqual(open().of('__proto__'), { ...KNOWN, alarm: false });
    assert.equal(statSync(path()).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, 'staycode')), ['doors.json']);
  });

  it('begins anew with a damaged file, says so, and mends it at the next word', () => {
    mkdirSync(join(folder, 'staycode'));
    for (const text of ['[["door",', '{}', '[["door",{"arrivals":[{}]}]]']) {
      writeFileSync(path(), text);
      troubles = [];
      assert.deepEqual(open().of('door'), NOTHING_KNOWN, text);
      assert.deepEqual(troubles, ['the file of arrivals was damaged and begins anew'], text);
    }
    open().keep('door', KNOWN);
    assert.match(readFileSync(path(), 'utf8'), /flat-a/u);
  });

  it('goes on with what it knows where the disk takes nothing', () => {
    writeFileSync(join(folder, 'staycode'), 'a file where the folder should be');
    const store = open();
    troubles = [];
    store.keep('door', KNOWN);
    assert.deepEqual(store.of('door'), KNOWN);
    assert.deepEqual(troubles, ['arrivals cannot be kept over a restart: EEXIST']);
  });
});
