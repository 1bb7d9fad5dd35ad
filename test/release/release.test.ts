import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installLinked, manifestOf, packWorkspace, WORKSPACES } from '../support/packed.ts';
import { STAND_IN_ADDRESS } from '../support/project-address.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { START } from './hosts.ts';
import { type Installed, PACKAGE_RULES } from './package-rules.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What `npm run release-check` finds, as `rule: fault`. */
async function faultsOf(installed: Installed): Promise<string[]> {
  const found: string[] = [];
  for (const { rule, faults } of PACKAGE_RULES)
    found.push(...(await faults(installed)).map((fault) => `${rule}: ${fault}`));
  return found;
}

for (const workspace of WORKSPACES) {
  const { name } = manifestOf(workspace);
  describe(`${name}, packed`, function () {
    this.timeout(120_000);
    let installed: Installed;
    before(() => {
      const folder = scratchFolder();
      const home = installLinked(packWorkspace(workspace, folder, STAND_IN_ADDRESS), name, folder);
      installed = { name, home, folder };
    });
    after(removeScratch);

    it('keeps the rules for packages', async () => {
      assert.deepEqual(await faultsOf(installed), []);
    });

    it('starts in its host', async () => {
      await START[workspace]({ folder: installed.folder, scratch: scratchFolder() });
    });

    it('starts on the oldest Node that it names, 22', async () => {
      const node = join(ROOT, 'node_modules/node-22/bin/node');
      await START[workspace]({ folder: installed.folder, scratch: scratchFolder(), node });
    });

    it('has the licence of the repo', () => {
      const [own, whole] = [installed.home, ROOT].map((home) => readFileSync(join(home, 'LICENSE'), 'utf8'));
      assert.equal(own, whole);
    });
  });
}

describe('the rules for packages', function () {
  this.timeout(120_000);
  const { name } = manifestOf('core');
  let whole: Installed;
  before(() => {
    const folder = scratchFolder();
    whole = {
      name,
      folder,
      home: installLinked(packWorkspace('core', folder, STAND_IN_ADDRESS), name, folder),
    };
  });
  after(removeScratch);

  /** A copy of core that is broken so, and what is found then. */
  async function faultsOnce(breakIt: (home: string) => void): Promise<string> {
    const folder = scratchFolder();
    cpSync(whole.folder, folder, { recursive: true, verbatimSymlinks: true });
    const home = join(folder, 'node_modules', name);
    breakIt(home);
    return (await faultsOf({ name, home, folder })).join('\n');
  }

  function changeManifest(home: string, changes: object): void {
    const path = join(home, 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...manifest, ...changes }));
  }

  it('find a file that the manifest names and the tarball lacks', async () => {
    const found = await faultsOnce((home) => {
      rmSync(join(home, 'dist/index.js'));
    });
    assert.match(found, /publint.*dist\/index\.js/u);
  });

  it('find a page, a licence and a word that are missing', async () => {
    const found = await faultsOnce((home) => {
      rmSync(join(home, 'README.md'));
      rmSync(join(home, 'LICENSE'));
      changeManifest(home, { description: '' });
    });
    for (const fault of ['README.md: none', 'LICENSE: none', 'description: none'])
      assert.ok(found.includes(fault), found);
  });

  it('find that nobody could tell where it comes from', async () => {
    const found = await faultsOnce((home) => {
      changeManifest(home, { repository: undefined, bugs: { url: 'mailto:a@git.example' } });
    });
    assert.match(found, /repository\.url: none/u);
    assert.match(found, /bugs\.url: mailto:/u);
    assert.doesNotMatch(found, /homepage/u);
  });

  it('keep a clone without an address on the web from making a release', () => {
    const folder = join(scratchFolder(), 'release');
    const program = ['--conditions=staycode-source', join(ROOT, 'test/release/main.ts'), folder];
    const { status, stderr } = spawnSync(process.execPath, program, {
      env: { ...process.env, GIT_DIR: scratchFolder() },
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /expected this clone's git remote `origin`/u);
    assert.equal(existsSync(folder), false);
  });

  it('find what would run at installation', async () => {
    const found = await faultsOnce((home) => {
      changeManifest(home, { scripts: { postinstall: 'node steal.js' } });
    });
    assert.match(found, /at installation: postinstall/u);
  });

  it('find declarations that do not compile for who imports them', async () => {
    const found = await faultsOnce((home) => {
      writeFileSync(join(home, 'dist/errors.d.ts'), 'export type StaycodeErrorCode = Missing;\n');
    });
    assert.match(found, /types.*nodenext: /u);
    assert.match(found, /types.*bundler: /u);
  });
});
