/**
 * Makes SIGKILL as bad as a power cut: what a process writes reaches its files only with fsync. A kill alone tests nothing of that,
 * for the system keeps what was written. Call it before any module that writes is loaded.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

interface Held {
  readonly bytes: Uint8Array;
  readonly at: number | null;
}

/** `syncs: false` takes fsync out, to show what a test must notice: only what is closed is on the disk then. */
export function loseUnsynced({ syncs = true }: { syncs?: boolean } = {}): void {
  const held = new Map<number, Held[]>();
  const { writeSync, fsyncSync, fsync, closeSync } = fs;
  const write = (
    fd: number,
    bytes: Uint8Array | string,
    offset = 0,
    length = bytes.length - offset,
    at: number | null = null,
  ): number => {
    const copy =
      typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.subarray(offset, offset + length));
    held.set(fd, [...(held.get(fd) ?? []), { bytes: copy, at }]);
    return copy.length;
  };
  const flush = (fd: number, count = Infinity): void => {
    const all = held.get(fd) ?? [];
    for (const { bytes, at } of all.slice(0, count)) writeSync(fd, bytes, 0, bytes.length, at);
    held.set(fd, all.slice(count));
  };
  const sync = (fd: number): void => {
    if (!syncs) return;
    flush(fd);
    fsyncSync(fd);
  };
  /** As bad as can be: nothing of it is on the disk before the caller hears so, and nothing that was written after the call. */
  const syncLater = (fd: number, done: (error: Error | null) => void): void => {
    const asked = held.get(fd)?.length ?? 0;
    fsync(fd, (error) => {
      if (syncs && error === null) flush(fd, asked);
      done(error);
    });
  };
  const close = (fd: number): void => {
    if (!syncs) flush(fd);
    held.delete(fd);
    closeSync(fd);
  };
  Object.assign(fs, { writeSync: write, fsyncSync: sync, fsync: syncLater, closeSync: close });
  syncBuiltinESMExports();
}
