import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const OWNERS = ['repo', 'core', 'node-red-nodes', 'homebridge-plugin', 'mqtt-lock-sim'] as const;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** As `name of owner`, with a mark where users install it. */
function named(): string[] {
  return OWNERS.flatMap((owner) => {
    const path = join(ROOT, owner === 'repo' ? '.' : owner, 'package.json');
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    return [
      ...Object.keys(dependencies).map((name) => `${name} of ${owner}, installed`),
      ...Object.keys(devDependencies).map((name) => `${name} of ${owner}`),
    ];
  }).sort();
}

function listed(): string[] {
  const text = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  return Array.from(text.matchAll(/^\| `(\S+)` \| (.+?) \| .+ \|$/gmu), ([, name = '', owners = '']) =>
    owners
      .split(/; |, (?!\*)/u)
      .map((owner) => `${name} of ${owner.replace(', **installed**', ', installed')}`),
  )
    .flat()
    .sort();
}

describe('the list of dependencies', () => {
  it('has each one that a package.json names, with whose it is, and no other', () => {
    assert.deepEqual(listed(), named());
  });
});
