/** Follows what a page points to: files, headings of other pages, and files that it names in a sentence. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { readMarkdown } from './markdown.ts';
import { type Page, placeOf, ROOT } from './pages.ts';

/** What is wrong with the links of a page, a line each. */
export function findBrokenLinks(page: Page): string[] {
  return page.targets.flatMap(({ line, text }) => {
    const fault = faultOf(page, text);
    return fault === null ? [] : [`${placeOf(page, line)}: ${text}: ${fault}`];
  });
}

function faultOf(page: Page, target: string): string | null {
  if (/^[a-z]+:/iu.test(target))
    return target.startsWith('https://') && URL.canParse(target) ? null : 'not https';
  const [path = '', anchor] = target.split('#', 2);
  const file = pathFrom(page, path);
  if (file.startsWith('..')) return 'outside of the repo';
  if (file !== page.path && !existsSync(join(ROOT, file))) return 'no such file';
  if (anchor === undefined) return null;
  if (!file.endsWith('.md')) return 'a heading of what is no page';
  const { anchors } = file === page.path ? page : readMarkdown(readFileSync(join(ROOT, file), 'utf8'));
  return anchors.has(anchor) ? null : 'no such heading';
}

function pathFrom({ path }: Page, target: string): string {
  return target === '' ? path : normalize(join(dirname(path), decodeURI(target)));
}

/** The pages that a reader finds from one of them by following links. */
export function reachFrom(start: string, pages: readonly Page[]): Set<string> {
  const reached = new Set([start]);
  // A set's own iteration goes on over what is added meanwhile.
  for (const path of reached) {
    const page = pages.find((one) => one.path === path);
    for (const { text } of page?.targets ?? []) {
      const [target = ''] = text.split('#', 1);
      if (page && target.endsWith('.md') && !/^[a-z]+:/iu.test(target)) reached.add(pathFrom(page, target));
    }
  }
  return reached;
}

const FOLDERS = readdirSync(ROOT).filter((name) => statSync(join(ROOT, name)).isDirectory());

/** Files that a sentence names by their path from the root, and that are not there. */
export function findMissingFiles(page: Page): string[] {
  return page.spans
    .filter(({ text }) => /^[\w.-]+\/[\w./-]+$/u.test(text) && FOLDERS.includes(text.split('/', 1)[0] ?? ''))
    .filter(({ text }) => !existsSync(join(ROOT, text)))
    .map(({ line, text }) => `${placeOf(page, line)}: ${text}: no such file`);
}
