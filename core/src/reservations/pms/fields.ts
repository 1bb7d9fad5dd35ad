/**
 * Fields of a body, looked up by path. What is `null`, empty or not there counts as absent.
 * @module
 */
import { StaycodeError } from '../../errors.ts';
import type { Path } from './mapping.ts';

/** Where paths start: `within` from the inmost outwards (a room, its reservation), `body` for those with a `/`. */
export interface Source {
  readonly pms: string;
  readonly within: readonly unknown[];
  readonly body: unknown;
}

/** Error for a field that is missing or unreadable. Says what was expected only: what came may be anything. */
export function badField(source: Source, path: Path, expected: string): StaycodeError {
  const names = typeof path === 'string' ? path : path.join(' or ');
  return new StaycodeError('bad-message', `${source.pms}: ${names}: expected ${expected}`);
}

/** The value at a path, or `undefined`. */
export function findField(source: Source, path: Path): unknown {
  for (const name of typeof path === 'string' ? [path] : path) {
    const roots = name.startsWith('/') ? [source.body] : source.within;
    for (const root of roots) {
      const value = walk(root, name.replace(/^\//u, ''));
      if (value !== undefined && value !== null && value !== '') return value;
    }
  }
  return undefined;
}

function walk(root: unknown, path: string): unknown {
  let value = root;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** A text; numbers and booleans are written out. @throws StaycodeError `bad-message` for a list or an object */
export function readText(source: Source, path: Path | undefined): string | null {
  const value = path === undefined ? undefined : findField(source, path);
  if (value === undefined) return null;
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badField(source, path ?? '', 'a text');
}

/** @throws StaycodeError `bad-message` where the field is absent or no text */
export function requireText(source: Source, path: Path, expected: string): string {
  const value = readText(source, path);
  if (value === null) throw badField(source, path, expected);
  return value;
}

/** A number, also one written as text. @throws StaycodeError `bad-message` for anything else */
export function readNumber(source: Source, path: Path | undefined): number | null {
  const value = readText(source, path);
  if (value === null) return null;
  if (!/^-?\d{1,15}(?:\.\d+)?$/u.test(value)) throw badField(source, path ?? '', 'a number');
  return Number(value);
}

/** A list, or `undefined` where there is none. @throws StaycodeError `bad-message` for anything else */
export function readList(source: Source, path: Path): readonly unknown[] | undefined {
  const value = findField(source, path);
  if (value === undefined || isList(value)) return value;
  throw badField(source, path, 'a list');
}

/** Whether it is a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
