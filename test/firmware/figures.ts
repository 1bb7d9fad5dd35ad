/** `npm run firmware`: what the verifier in C takes of a Cortex-M3: flash, memory, stack, and instructions a verdict. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createCodec } from '../../core/src/lock/keyring.ts';
import { oneTimePassword } from '../../core/src/lock/staff.ts';
import { alphabetSpec } from '../../core/src/stay-code/alphabet.ts';
import { deriveCodeKey, deriveUnitKey } from '@staycode/core';
import {
  buildFirmware,
  firmwareLacks,
  type FirmwareLock,
  hex,
  linesOf,
  lockCommands,
  runFirmware,
  stepCommands,
} from '../support/firmware.ts';
import { EXAMPLE_SITE_KEY, exampleRules } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import type { Scenario } from '../vectors/scenarios/parts.ts';

const lacks = firmwareLacks('arm');
if (lacks !== null) throw new Error(lacks);
const HALF_HOUR = 30 * 60_000;
const [KEYS, STAFF, CODES] = [4, 8, 64];
const AT = Date.parse('2026-12-03T15:00:00Z');
const say = (name: string, figures: Record<string, number>): void => {
  console.log(JSON.stringify({ name, ...figures }));
};

const folder = scratchFolder();
sizes(buildFirmware('flash', folder, ''));
const program = buildFirmware('arm', folder, '');
const [config = 0, lock = 0, code = 0, record = 0] = words(runFirmware(program, ['sizes'])[0]);
say('memory, bytes', { config, lock, 'of which a code': code, record });
scenarios();
for (const [name, commands, asked] of [twelveDigits(), fullTable(), staff()])
  costs(name, runFirmware(program, commands).slice(-asked));
removeScratch();

function sizes(flash: string): void {
  const { stdout } = spawnSync('arm-none-eabi-size', [flash], { encoding: 'utf8' });
  const [text = 0, data = 0, bss = 0] = words(stdout.split('\n')[1]?.trim());
  say('flash, bytes', { text, data, bss });
}

/** Every entry of the project's scenarios, by what came of it. */
function scenarios(): void {
  const file = join(import.meta.dirname, '../vectors/lock-scenarios.jsonl');
  const commands = linesOf<Scenario>(file).flatMap((scenario) => [
    ...lockCommands(scenario, Date.parse(scenario.steps[0]?.at ?? '')),
    ...stepCommands(scenario.steps),
  ]);
  const answers = runFirmware(program, commands);
  for (const [verdict, some] of Object.entries(
    Object.groupBy(answers, (answer) => answer.split(' ').slice(0, 2).join(' ')),
  ))
    costs(verdict, some ?? []);
  costs('every entry of the scenarios', answers);
}

/** A keyring that is full, and twelve digits of which none of its keys makes anything. */
function twelveDigits(): [string, string[], number] {
  const entries = Array.from({ length: 4 }, (_, i) => `enter ${AT} ${String(i).repeat(12)}`);
  return [
    `twelve digits under ${KEYS} keys`,
    [...lockCommands(lockOf(KEYS), AT), ...entries],
    entries.length,
  ];
}

/** As many guests as the table holds, all in at once, and PINs that nobody has; then the last guest again. */
function fullTable(): [string, string[], number] {
  const { write } = createCodec(deriveCodeKey(unitKey(0)), alphabetSpec('decimal'));
  const codes = Array.from({ length: CODES }, (_, i) =>
    write({ kind: 'stay', revision: 0, startsAtMs: AT - i * HALF_HOUR, endsAtMs: AT + 48 * HALF_HOUR }),
  );
  const entries = [...codes, '000000', codes.at(-1) ?? ''].map((digits) => `enter ${AT} ${digits}`);
  return [
    `${CODES} guests enrol and come again`,
    [...lockCommands(lockOf(1), AT), ...entries],
    entries.length,
  ];
}

/** All staff with counters and SHA-512, ten counters behind and ten ahead. */
function staff(): [string, string[], number] {
  const secret = (i: number): Uint8Array => new Uint8Array(64).fill(i);
  const shape = { type: 'hotp', digits: 8, hash: 'sha512' } as const;
  const people = Array.from({ length: STAFF }, (_, i) => ({
    ...shape,
    name: String(i),
    secret: hex(secret(i)),
  }));
  const used = people.map(
    ({ name }, i) => `enter ${AT} ${oneTimePassword({ ...shape, name, secret: secret(i) }, 9)}`,
  );
  const commands = [...lockCommands({ ...lockOf(1), staff: people }, AT), ...used, `enter ${AT} 00000000`];
  return [`${STAFF} staff with SHA-512 counters, none of them`, commands, 1];
}

function lockOf(keys: number): FirmwareLock {
  const units = Array.from({ length: keys }, (_, i) => ({
    unitKey: hex(unitKey(i)),
    alphabet: 'decimal' as const,
  }));
  return {
    units,
    rules: { ...exampleRules(), startMask: '1'.repeat(48), endMask: '1'.repeat(48) },
    staff: [],
  };
}

function unitKey(i: number): Uint8Array {
  return deriveUnitKey(EXAMPLE_SITE_KEY, `flat-${i}`, 1);
}

function costs(name: string, answers: readonly string[]): void {
  const figures = answers.map((answer) => words(answer.split(' ').slice(-2).join(' ')));
  const ran = figures.map(([instructions = 0]) => instructions).sort((a, b) => a - b);
  const stack = Math.max(...figures.map(([, bytes = 0]) => bytes));
  const at = (share: number): number => ran[Math.floor(share * (ran.length - 1))] ?? 0;
  say(name, {
    entries: ran.length,
    'least instructions': at(0),
    median: at(0.5),
    most: at(1),
    'stack bytes': stack,
  });
}

function words(line = ''): number[] {
  return line.trim().split(/\s+/u).map(Number);
}
