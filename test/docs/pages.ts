/** The pages that are held to what they say: all Markdown of the repo but other people's. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Markdown, readMarkdown } from './markdown.ts';

export const ROOT: string = join(import.meta.dirname, '../..');

export interface Page extends Markdown {
  /** From the repo's root. */
  readonly path: string;
  readonly text: string;
}

export function pageOf(path: string, text: string): Page {
  return { path, text, ...readMarkdown(text) };
}

export function readPages(): Page[] {
  return globSync(['*.md', '*/README.md', 'docs/**/*.md'], { cwd: ROOT })
    .sort()
    .map((path) => pageOf(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Where something on a page stands, as an editor opens it. */
export function placeOf({ path }: Page, line: number): string {
  return `${path}:${line}`;
}
