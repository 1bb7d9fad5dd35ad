import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const ROOMS = ['core', 'node-red-nodes', 'homebridge-plugin', 'mqtt-lock-sim', 'demo', 'scripts', 'test'];
const BUILT = ['**/node_modules/**', '**/dist/**', '**/lib/**'];
const COMMENT = /\/\*[^]*?\*\/|^\s*\/\/.*$/gmu;
/** Types are exported with what they are the shape of. */
const EXPORTED_VALUE = /^export (?:async )?(?:function\*?|const|let|class|abstract class) (\w+)/gmu;

interface Source {
  readonly file: string;
  readonly text: string;
  readonly words: ReadonlyMap<string, number>;
}

function readSources(): Source[] {
  const pattern = `{${ROOMS.join(',')}}/**/*.{ts,mts,js,mjs,cjs,html}`;
  return globSync(pattern, { cwd: ROOT, exclude: BUILT }).map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(COMMENT, '');
    const words = new Map<string, number>();
    for (const word of text.match(/\w+/gu) ?? []) words.set(word, (words.get(word) ?? 0) + 1);
    return { file, text, words };
  });
}

/** Exported values as `file: name`, with the other files that name them and how often their own does. */
function findExports(sources: readonly Source[]) {
  return sources.flatMap(({ file, text, words }) =>
    Array.from(text.matchAll(EXPORTED_VALUE), ([, name = '']) => ({
      what: `${file}: ${name}`,
      file,
      isUsedHere: (words.get(name) ?? 0) > 1,
      users: sources
        .filter((other) => other.file !== file && other.words.has(name))
        .map((other) => other.file),
    })),
  );
}

describe('what is exported', () => {
  const found = findExports(readSources());

  it('is named in another file', () => {
    assert.ok(found.length > 500);
    assert.deepEqual(
      found.filter(({ users }) => users.length === 0).map(({ what }) => what),
      [],
    );
  });

  it('is not there for its tests alone', () => {
    const own = found.filter(({ file }) => !file.startsWith('test/'));
    const dead = own.filter(
      ({ isUsedHere, users }) => !isUsedHere && users.every((user) => user.startsWith('test/')),
    );
    assert.deepEqual(
      dead.map(({ what }) => what),
      [],
    );
  });
});
