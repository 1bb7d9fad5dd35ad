import assert from 'node:assert/strict';
import { unpackPlugin } from '../support/packed-plugin.ts';
import { STAND_IN_ADDRESS } from '../support/project-address.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { type Packed, readPacked, RULES } from './verified-rules.ts';

describe('the rules for verified Homebridge plugins', function () {
  this.timeout(60_000);
  let packed: Packed;
  before(() => {
    packed = readPacked(unpackPlugin(scratchFolder(), STAND_IN_ADDRESS), scratchFolder());
  });
  after(removeScratch);

  for (const { rule, faults } of RULES) {
    it(rule, async () => {
      assert.deepEqual(await faults(packed), []);
    });
  }
});
