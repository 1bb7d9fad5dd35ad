/**
 * What is known of each door, in one file of Homebridge's storage: a restart of Homebridge forgets no arrival.
 * @module
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { type DoorKnowledge, NOTHING_KNOWN } from './door-knowledge.ts';

export interface DoorStore {
  of(lockId: string): DoorKnowledge;
  /** Written at once; a disk that fails is told to `trouble` and costs only the memory of a restart. */
  keep(lockId: string, known: DoorKnowledge): void;
}

const knowledgeSchema = v.object({
  arrivals: v.array(v.object({ unitId: v.string(), startsAtMs: v.number(), endsAtMs: v.number() })),
  alarm: v.boolean(),
  lastAction: v.nullable(
    v.object({
      operation: v.picklist(['Lock', 'Unlock']),
      source: v.picklist(['Keypad', 'Remote', 'Manual', 'Auto']),
    }),
  ),
});
/** Pairs instead of an object's fields: a lock may be called `__proto__`. */
const fileSchema = v.array(v.tuple([v.string(), knowledgeSchema]));

/** Reads the file; one that is missing or damaged begins anew. Never throws. */
export function openDoorStore(path: string, trouble: (what: string) => void): DoorStore {
  const doors = new Map(readDoors(path, trouble));
  return {
    of: (lockId) => doors.get(lockId) ?? NOTHING_KNOWN,
    keep: (lockId, known) => {
      doors.set(lockId, known);
      try {
        mkdirSync(dirname(path), { recursive: true });
        const next = `${path}.next`;
        writeFileSync(next, JSON.stringify([...doors]), { mode: 0o600, flush: true });
        renameSync(next, path);
      } catch (error) {
        trouble(`arrivals cannot be kept over a restart: ${codeOf(error)}`);
      }
    },
  };
}

function readDoors(path: string, trouble: (what: string) => void): [string, DoorKnowledge][] {
  try {
    return v.parse(fileSchema, JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') trouble('the file of arrivals was damaged and begins anew');
    return [];
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
