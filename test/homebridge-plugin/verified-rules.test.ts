import assert from 'node:assert/strict';
import { unpackPlugin } from '../support/packed-plugin.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { type Packed, readPacked, RULES } from './verified-rules.ts';

describe('the rules for verified Homebridge plugins', function () {
  this.timeout(60_000);
  let packed: Packed;
  before(() => {
    packed = readPacked(unpackPlugin(scratchFolder()), scratchFolder());
  });
  after(removeScratch);

  for (const { rule, open, faults } of RULES) {
    it(open === undefined ? rule : `${rule}: still open, because ${open}`, async () => {
      const found = await faults(packed);
      if (open === undefined) assert.deepEqual(found, []);
      else assert.notEqual(found.length, 0, 'it is kept now: it need not be called open any more');
    });
  }
});
