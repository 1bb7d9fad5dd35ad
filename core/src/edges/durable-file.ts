/**
 * Writing that outlives a power cut.
 * @module
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Temporary file, fsync, rename, fsync of the folder: there is always a whole file. Only its owner may read it. */
export function writeDurably(path: string, ...parts: readonly Uint8Array[]): void {
  const temporary = `${path}.tmp`;
  const fd = openSync(temporary, 'w', 0o600);
  try {
    let position = 0;
    for (const part of parts) {
      writeAll(fd, part, position);
      position += part.length;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/** The bytes from `start` up to `end`, or to where the file ends. */
export function readRange(path: string, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start);
  const fd = openSync(path, 'r');
  try {
    let done = 0;
    for (let read = -1; done < bytes.length && read !== 0; done += read)
      read = readSync(fd, bytes, done, bytes.length - done, start + done);
    return bytes.subarray(0, done);
  } finally {
    closeSync(fd);
  }
}

/** Opens a file to append after `length` bytes; what stands behind them is cut off. */
export function openAt(path: string, length: number): number {
  const fd = openSync(path, 'r+');
  ftruncateSync(fd, length);
  fsyncSync(fd);
  return fd;
}

/** Best effort: what is left of a failed append is a torn tail, which the next start drops. */
export function cutBack(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // Opening drops it.
  }
}
