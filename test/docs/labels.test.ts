import assert from 'node:assert/strict';
import { findUnknownLabels, readLabels } from './labels.ts';
import { pageOf, readPages } from './pages.ts';

/** Those that take a reader by the hand: bold is what he sees before him, and what only matters is in italics. */
const GUIDES = /^(?:README|homebridge-plugin\/README|docs\/(?:board|guides\/.*))\.md$/u;

describe('the buttons and fields that the guides name', () => {
  const labels = readLabels();

  for (const page of readPages().filter(({ path }) => GUIDES.test(path)))
    it(`of ${page.path} are there`, () => {
      assert.deepEqual(findUnknownLabels(page, labels), []);
    });

  it('are missed where they are not, with the line', () => {
    const page = pageOf(
      'docs/made-up.md',
      'Press **Deploy 2 units**.\n\nPress **Do it**,\n**Lock\nfiles**.\n',
    );
    assert.deepEqual(findUnknownLabels(page, labels), ['docs/made-up.md:3: Do it: on no page of ours']);
  });
});
