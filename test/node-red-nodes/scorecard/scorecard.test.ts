import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackNodes } from '../../support/packed-nodes.ts';
import { STAND_IN_ADDRESS } from '../../support/project-address.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { openNoMore, readScorecard } from './scorecard.ts';

describe("the flow library's scorecard of the packed package", function () {
  this.timeout(60_000);
  let home: string;
  beforeEach(() => {
    home = unpackNodes(scratchFolder(), STAND_IN_ADDRESS);
  });
  after(removeScratch);

  const redIn = (): string[] =>
    readScorecard(home, scratchFolder())
      .filter(({ state }) => state === 'red')
      .map(({ id }) => id);

  it('is green but for what is known to be open', () => {
    const checks = readScorecard(home, scratchFolder());
    assert.deepEqual(
      checks.filter(({ state }) => state === 'red'),
      [],
    );
    assert.deepEqual(openNoMore(checks), []);
  });

  it('is red without a licence, an example, or with Node-RED 3 named', () => {
    const path = join(home, 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const { license, ...rest } = manifest;
    assert.equal(license, 'MIT');
    writeFileSync(
      path,
      JSON.stringify({ ...rest, 'node-red': { ...(rest['node-red'] as object), version: '<4' } }),
    );
    rmSync(join(home, 'examples'), { recursive: true });
    assert.deepEqual(redIn(), ['P01', 'P06', 'N02']);
  });
});
