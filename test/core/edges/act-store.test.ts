import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

describe('the register of acts', () => {
  after(removeScratch);

  it('keeps who did what, the last first, also over a restart', () => {
    const path = join(scratchFolder(), 'register.sqlite');
    const shown = {
      ...{ act: 'shown', unitId: 'flat-a', reservationId: 'r1', by: 'Ada', note: null, atMs: 1 },
    };
    const cleaned = { ...shown, act: 'cleaned', reservationId: null, note: 'windows too', atMs: 2 };
    const first = openAccessCodeStore(path);
    first.acts.add(shown);
    first.acts.add(cleaned);
    first.acts.add({ ...cleaned, unitId: 'flat-b' });
    first.close();
    const again = openAccessCodeStore(path);
    assert.deepEqual(again.acts.ofUnit('flat-a', 10), [cleaned, shown]);
    assert.deepEqual(again.acts.ofUnit('flat-a', 1), [cleaned]);
    again.close();
  });

  it('tells what was done to the whole house apart from what was done to a unit, by kind', () => {
    const store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'));
    const shown = {
      ...{ act: 'staff-shown', unitId: null, reservationId: null, by: 'Ada', note: 'Clara', atMs: 1 },
    };
    store.acts.add(shown);
    store.acts.add({ ...shown, act: 'provisioned' });
    store.acts.add({ ...shown, unitId: 'flat-a' });
    store.acts.add({ ...shown, note: 'Tom', atMs: 2 });
    assert.deepEqual(
      store.acts.ofHouse('staff-shown', 10).map(({ note }) => note),
      ['Tom', 'Clara'],
    );
    assert.deepEqual(store.acts.ofHouse('staff-shown', 1), [{ ...shown, note: 'Tom', atMs: 2 }]);
    store.close();
  });

  it('has another version once anything was written, here or by another program', () => {
    const path = join(scratchFolder(), 'register.sqlite');
    const here = openAccessCodeStore(path);
    const there = openAccessCodeStore(path);
    const versions = [here.version(), here.version()];
    assert.equal(versions[0], versions[1]);
    there.writeFeed('a', '{}');
    versions.push(here.version());
    here.writeFeed('b', '{}');
    versions.push(here.version());
    assert.equal(new Set(versions).size, 3);
    here.close();
    there.close();
  });
});
