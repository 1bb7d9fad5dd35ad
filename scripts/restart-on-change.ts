/** Runs something, and runs it anew whenever a source changes: what `npm run dev` does with the home of `npm start`. */
import { type FSWatcher, watch } from 'node:fs';
import { sep } from 'node:path';

export interface Restarting {
  /** Watched with all that is in them. */
  readonly folders: readonly string[];
  /** Makes what runs; `false` where it cannot be made, and then nothing runs until the next change. Gives up where the signal says so. */
  readonly build: (signal: AbortSignal) => Promise<boolean>;
  /** Starts it; what comes back ends it. */
  readonly start: () => Promise<() => Promise<void>>;
  /** Told of the file whose change is taken up. */
  readonly onChange?: (file: string) => void;
  /** How long it has to be quiet after a change; an editor writes a file more than once. */
  readonly quietMs?: number;
}

export interface Restarted {
  /** Ends what runs and looks no more. */
  close(): Promise<void>;
}

/** What a build writes, and what nobody edits. */
const NOT_SOURCE = new Set(['dist', 'lib', 'node_modules']);
/** An editor's own: backups, swap files, and the files that it renames into place. */
const NOT_WRITTEN = /(?:^\.|~$|\.sw.$|\.tmp$|\.tsbuildinfo$|^\d+$)/u;

/** Starts at once. Changes that come while it is being made or started are taken up together after that. */
export function restartOnChange(options: Restarting): Restarted {
  const { folders, onChange = () => undefined, quietMs = 200 } = options;
  let end = (): Promise<void> => Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const closing = new AbortController();
  const isClosed = (): boolean => closing.signal.aborted;
  let turn: Promise<void> = Promise.resolve();
  const restart = async (): Promise<void> => {
    await end();
    end = () => Promise.resolve();
    const isBuilt = !isClosed() && (await options.build(closing.signal));
    if (isBuilt && !isClosed()) end = await options.start();
  };
  const changed = (file: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      onChange(file);
      turn = turn.then(restart);
    }, quietMs);
  };
  const watchers = folders.map((folder) => watchSources(folder, changed));
  turn = restart();
  return {
    close: async () => {
      closing.abort();
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      await turn.catch(() => undefined);
      await end();
    },
  };
}

function watchSources(folder: string, changed: (file: string) => void): FSWatcher {
  return watch(folder, { recursive: true }, (_event, name) => {
    const parts = name?.split(sep) ?? [];
    const isSource = parts.every((part) => !NOT_SOURCE.has(part)) && !NOT_WRITTEN.test(parts.at(-1) ?? '');
    if (name !== null && isSource) changed(name);
  });
}
