import assert from 'node:assert/strict';
import { findBrokenLinks, findMissingFiles, reachFrom } from './links.ts';
import { pageOf, readPages } from './pages.ts';

describe('the links of the pages', () => {
  const pages = readPages();

  for (const page of pages)
    it(`of ${page.path} lead to files and headings that there are, and the files that it names are there`, () => {
      assert.deepEqual([...findBrokenLinks(page), ...findMissingFiles(page)], []);
    });

  it('lead a reader of the first page to every other', () => {
    const reached = reachFrom('README.md', pages);
    assert.deepEqual(
      pages.map(({ path }) => path).filter((path) => !reached.has(path)),
      [],
    );
  });
});

describe('the check of links', () => {
  const faultsOf = (text: string): string[] => findBrokenLinks(pageOf('docs/made-up.md', text));

  it('finds a file, a heading and a picture that are not there, with the line', () => {
    assert.deepEqual(faultsOf('# Made up\n\nSee [a](nowhere.md),\n[b](security.md#no-such-heading).\n'), [
      'docs/made-up.md:3: nowhere.md: no such file',
      'docs/made-up.md:4: security.md#no-such-heading: no such heading',
    ]);
    assert.equal(faultsOf('<img src="pictures/none.png" alt="">').length, 1);
    assert.equal(faultsOf('![none](pictures/none.png)').length, 1);
    assert.equal(faultsOf('[a]: nowhere.md').length, 1);
  });

  it('refuses what leads out of the repo, and addresses without TLS', () => {
    assert.deepEqual(faultsOf('[a](../../elsewhere.md) [b](http://feed.example/)'), [
      'docs/made-up.md:1: ../../elsewhere.md: outside of the repo',
      'docs/made-up.md:1: http://feed.example/: not https',
    ]);
  });

  it('takes what is right, and headings of the page itself', () => {
    const text = '# One `and` two, [three](security.md)\n\n## One\n\n## One\n';
    const links =
      '[a](#one-and-two-three) [b](#one-1) [c](../README.md#two-commands) [d](https://feed.example/)';
    assert.deepEqual(faultsOf(`${text}\n${links}\n`), []);
    assert.equal(faultsOf(`${text}\n[a](#one-2)\n`).length, 1);
  });

  it('looks for no links in code', () => {
    assert.deepEqual(
      faultsOf('`[a](nowhere.md)`\n\n    [b](nowhere.md)\n\n```text\n[c](nowhere.md)\n```\n'),
      [],
    );
  });

  it('finds a file that is named and not there', () => {
    const page = pageOf('docs/made-up.md', 'In `core/src/lock/no-such.ts`, and in `core/src/lock`.');
    assert.deepEqual(findMissingFiles(page), ['docs/made-up.md:1: core/src/lock/no-such.ts: no such file']);
  });
});
