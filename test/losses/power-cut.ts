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
  const { writeSync, fsyncSync, closeSync } = fs;
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
  const flush = (fd: number): void => {
    for (const { bytes, at } of held.get(fd) ?? []) writeSync(fd, bytes, 0, bytes.length, at);
    held.delete(fd);
  };
  const sync = (fd: number): void => {
    if (!syncs) return;
    flush(fd);
    fsyncSync(fd);
  };
  const close = (fd: number): void => {
    if (syncs) held.delete(fd);
    else flush(fd);
    closeSync(fd);
  };
  Object.assign(fs, { writeSync: write, fsyncSync: sync, closeSync: close });
  syncBuiltinESMExports();
}
