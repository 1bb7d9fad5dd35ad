/**
 * The keypad page's files, as they are shipped: plain HTML, CSS and browser JavaScript, nothing built.
 * @module
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** `page/` lies beside both `src/` and `dist/`, so the one path is right from the source and from the bundle. */
const PAGE_FOLDER: string = join(import.meta.dirname, '../page');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** Every file of the page by its path on the server, `/` being `index.html`. Read once: a request never names a file. */
export async function loadPage(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const name of await readdir(PAGE_FOLDER)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    files.set(name === 'index.html' ? '/' : `/${name}`, {
      type,
      body: await readFile(join(PAGE_FOLDER, name)),
    });
  }
  return files;
}
