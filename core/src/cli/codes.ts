/**
 * `staycode keygen`, `issue` and `read`: keys and digits from a terminal.
 * @module
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bytesToHex } from '@noble/hashes/utils.js';
import { StaycodeError } from '../errors.ts';
import { formatInstant, parseInstant } from '../instant.ts';
import type { Alphabet } from '../stay-code/alphabet.ts';
import { deriveCodeKey, deriveUnitKey } from '../stay-code/keys.ts';
import { CODE_KINDS, type CodeKind } from '../stay-code/payload.ts';
import { groupDigits, issueClockCode, issueCode, readCode } from '../stay-code/stay-code.ts';
import { readSiteKey } from './key-source.ts';
import type { CommandIo } from './main.ts';
import { needed } from './needed.ts';

/** `keygen [--out FILE] [--json]`: a new site key, to a file that only its owner reads, or to the terminal. */
export function runKeygen(args: readonly string[], io: CommandIo): number {
  const { values } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const siteKey = bytesToHex(io.randomBytes(32));
  if (values.out === undefined) {
    io.stdout(values.json ? JSON.stringify({ siteKey }) : siteKey);
    return 0;
  }
  if (existsSync(values.out))
    throw new StaycodeError('bad-config', `--out: expected a file that is not there yet, got ${values.out}`);
  writeFileSync(values.out, `${siteKey}\n`, { mode: 0o600, flag: 'wx' });
  io.stdout(
    values.json
      ? JSON.stringify({ file: values.out })
      : `Wrote a new site key to ${values.out}. Back it up: without it no code can be made again.`,
  );
  return 0;
}

const keyOptions = {
  unit: { type: 'string' },
  'key-version': { type: 'string', default: '1' },
  alphabet: { type: 'string', default: 'decimal' },
  'key-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `issue --unit ID --from TIME --to TIME [--kind K] [--revision N]`, or `issue --unit ID --kind clock --at TIME`. */
export function runIssue(args: readonly string[], io: CommandIo): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...keyOptions,
      kind: { type: 'string', default: 'stay' },
      revision: { type: 'string', default: '0' },
      from: { type: 'string' },
      to: { type: 'string' },
      at: { type: 'string' },
    },
  });
  const { codeKey, alphabet } = unitOf(values, io);
  const digits =
    values.kind === 'clock' ? issueClock(codeKey, alphabet, values) : issueWindow(codeKey, alphabet, values);
  // What the digits say, with times rounded as they hold them, is what the host needs to see.
  print(io, values.json, digits, readCode(codeKey, digits, alphabet));
  return 0;
}

interface CodeValues {
  readonly kind: string;
  readonly revision: string;
  readonly from?: string;
  readonly to?: string;
  readonly at?: string;
}

function issueClock(codeKey: Uint8Array, alphabet: Alphabet, values: CodeValues): string {
  return issueClockCode(codeKey, { atMs: parseInstant(needed('--at TIME', values.at)), alphabet });
}

function issueWindow(codeKey: Uint8Array, alphabet: Alphabet, values: CodeValues): string {
  const startsAtMs = parseInstant(needed('--from TIME', values.from));
  const endsAtMs = parseInstant(needed('--to TIME', values.to));
  const kind = kindOf(values.kind);
  return issueCode(codeKey, { kind, revision: Number(values.revision), startsAtMs, endsAtMs, alphabet });
}

/** `read CODE --unit ID`: what twelve digits say under the unit's key; exits 1 where they say nothing. */
export function runRead(args: readonly string[], io: CommandIo): number {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: keyOptions });
  const digits = needed('the code as an argument', positionals.join('')).replace(/[\s-]/gu, '');
  const { codeKey, alphabet } = unitOf(values, io);
  const content = readCode(codeKey, digits, alphabet);
  if (content === null) {
    io.stdout(values.json ? 'null' : 'No code of this unit and key version.');
    return 1;
  }
  print(io, values.json, digits, content);
  return 0;
}

type Content = ReturnType<typeof readCode>;

function print(io: CommandIo, json: boolean, digits: string, content: Content): void {
  if (content === null) return;
  if (content.kind === 'clock') {
    const at = formatInstant(content.atMs);
    io.stdout(
      json ? JSON.stringify({ digits, kind: 'clock', at }) : `${groupDigits(digits)}  clock, made for ${at}`,
    );
    return;
  }
  const { kind, revision } = content;
  const startsAt = formatInstant(content.startsAtMs);
  const endsAt = formatInstant(content.endsAtMs);
  io.stdout(
    json
      ? JSON.stringify({ digits, kind, revision, startsAt, endsAt })
      : `${groupDigits(digits)}  ${kind}, revision ${revision}, from ${startsAt} until ${endsAt}`,
  );
}

interface UnitValues {
  readonly unit?: string;
  readonly 'key-version': string;
  readonly alphabet: string;
  readonly 'key-file'?: string;
}

function unitOf(values: UnitValues, io: CommandIo): { codeKey: Uint8Array; alphabet: Alphabet } {
  const unitId = needed('--unit ID', values.unit);
  const { alphabet } = values;
  if (alphabet !== 'decimal' && alphabet !== 'no-zero') {
    throw new StaycodeError('bad-alphabet', `--alphabet: expected decimal or no-zero, got ${alphabet}`);
  }
  const siteKey = readSiteKey(values['key-file'], io.env);
  return { codeKey: deriveCodeKey(deriveUnitKey(siteKey, unitId, Number(values['key-version']))), alphabet };
}

function kindOf(text: string): CodeKind {
  const kind = CODE_KINDS.find((known) => known === text);
  if (kind === undefined) {
    throw new StaycodeError(
      'out-of-range',
      `--kind: expected ${CODE_KINDS.join(', ')} or clock, got ${text}`,
    );
  }
  return kind;
}
