/** What stands on the editor, the board, Homebridge's page and Node-RED's own buttons: guides name it in bold. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Page, placeOf, ROOT } from './pages.ts';

const BOLD = /\*\*([^*]+)\*\*/gu;
const WORDS = [
  'node-red-nodes/{nodes,plugins}/*/locales/en-US/*.json',
  'node-red-nodes/examples/*.json',
  'node_modules/@node-red/{editor-client,nodes}/locales/en-US/*.json',
];
const PAGES = [
  'node-red-nodes/nodes/*/*.html',
  'node-red-nodes/plugins/stay-board/page/words/en.js',
  'homebridge-plugin/homebridge-ui/public/*.{html,js}',
];

/** In lower case, for the palette writes names in its own way; what differs from time to time as `#`. */
export function readLabels(): ReadonlySet<string> {
  const labels = new Set<string>();
  const read = (words: unknown): void => {
    if (typeof words === 'string') labels.add(toLabel(words));
    else if (typeof words === 'object' && words !== null) Object.values(words).forEach(read);
  };
  for (const path of globSync(WORDS, { cwd: ROOT })) {
    read(basename(path, '.json'));
    read(JSON.parse(readFileSync(join(ROOT, path), 'utf8')));
  }
  for (const path of globSync(PAGES, { cwd: ROOT }))
    for (const [, text = ''] of readFileSync(join(ROOT, path), 'utf8').matchAll(
      /[>'"`]([^<>'"`]+)(?=[<'"`])/gu,
    ))
      labels.add(toLabel(text));
  return labels;
}

/** What a page has in bold that is on none of them, with the line. */
export function findUnknownLabels(page: Page, labels: ReadonlySet<string>): string[] {
  return Array.from(page.text.matchAll(BOLD), ({ index, 1: bold = '' }) => ({ index, bold }))
    .filter(({ bold }) => !labels.has(toLabel(bold)))
    .map(
      ({ index, bold }) =>
        `${placeOf(page, page.text.slice(0, index).split('\n').length)}: ${bold}: on no page of ours`,
    );
}

function toLabel(text: string): string {
  return text
    .replaceAll(/\{\w+\}|__\w+__|\d+/gu, '#')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll('’', "'")
    .replace(/[:,.…]$/u, '')
    .trim()
    .toLowerCase();
}
