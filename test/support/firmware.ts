/** Builds the verifier in C under docs/firmware and drives it, on this machine or in qemu on a Cortex-M3. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockRules, StaffSecret, UnitKey } from '@staycode/core';
import type { Step } from '../vectors/scenarios/parts.ts';
import { hasProgram } from './parts.ts';

export const FIRMWARE: string = join(import.meta.dirname, '../../docs/firmware');
export const FIRMWARE_BUILDS = ['host', 'sanitized', 'arm'] as const;
export type FirmwareBuild = (typeof FIRMWARE_BUILDS)[number];

/** Flags that leave the program as it is but give it tables large enough for whatever a test plays. */
const TEST_TABLES = '-DSC_MAX_CODES=256';

/** A lock's configuration as scenarios have it: keys and secrets in hex. */
export interface FirmwareLock {
  readonly units: readonly (Pick<UnitKey, 'alphabet' | 'serves'> & { readonly unitKey: string })[];
  readonly rules: LockRules;
  readonly staff: readonly (Omit<StaffSecret, 'secret'> & { readonly secret: string })[];
}

/** Why a build cannot be had here, or `null` where it can. */
export function firmwareLacks(build: FirmwareBuild): string | null {
  const programs = build === 'arm' ? ['arm-none-eabi-gcc', 'qemu-system-arm'] : ['cc'];
  const missing = programs.filter((name) => !hasProgram(name));
  if (missing.length > 0) return `no ${missing.join(', no ')} for the firmware`;
  if (build !== 'arm') return null;
  const specs = spawnSync('arm-none-eabi-gcc', ['-print-file-name=rdimon.specs'], {
    encoding: 'utf8',
  }).stdout;
  return specs.trim() === 'rdimon.specs' ? 'no newlib for arm-none-eabi' : null;
}

/** Builds the program into a folder and returns its path. */
export function buildFirmware(
  build: FirmwareBuild | 'flash',
  folder: string,
  flags: string = TEST_TABLES,
): string {
  const program = join(folder, `firmware-${build}`);
  const env = { ...process.env, CFLAGS: flags };
  const made = spawnSync('sh', [join(FIRMWARE, 'build.sh'), build, program], { encoding: 'utf8', env });
  if (made.status !== 0) throw new Error(`build.sh ${build}: ${made.stderr}`);
  return program;
}

/** Runs the program over commands, one a line, and returns its answers. */
export function runFirmware(program: string, commands: readonly string[]): string[] {
  const [input, output] = [`${program}.in`, `${program}.out`];
  writeFileSync(input, `${commands.join('\n')}\n`);
  writeFileSync(output, '');
  const [name = '', ...args] = program.endsWith('-arm')
    ? onQemu(program, input, output)
    : [program, input, output];
  const ran = spawnSync(name, args, { encoding: 'utf8', timeout: 300_000 });
  if (ran.status !== 0) throw new Error(`firmware: status ${ran.status}, ${ran.signal}: ${ran.stderr}`);
  return readFileSync(output, 'utf8').split('\n').slice(0, -1);
}

/** The commands that make a new lock. */
export function lockCommands({ units, rules, staff }: FirmwareLock, atMs: number): string[] {
  const { startMask, endMask, minSlots, maxSlots, skewMinutes, pinDigits, clockLost } = rules;
  return [
    ['rules', startMask, endMask, minSlots, maxSlots, skewMinutes, pinDigits, clockLost].join(' '),
    ...units.map(({ unitKey, alphabet, serves = 'all' }) => `unit ${unitKey} ${alphabet} ${serves}`),
    ...staff.map(({ type, secret, digits, hash }) => `staff ${type} ${secret} ${digits} ${hash}`),
    `begin ${atMs}`,
  ];
}

/** The commands of a scenario's steps. */
export function stepCommands(steps: readonly Step[]): string[] {
  return steps.map((step) => {
    const at = Date.parse(step.at);
    if ('enter' in step) return `enter ${at} ${step.enter}`;
    return step.do === 'power-cut' ? `cut ${at} ${step.minutes} ${step.clock}` : `off ${at} ${step.seconds}`;
  });
}

/** The objects of a file with one a line. */
export function linesOf<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** An instruction is a nanosecond of the machine's time: that is how the program counts them. */
function onQemu(program: string, input: string, output: string): string[] {
  const files = ['staycode', input, output].map((word) => `,arg=${word}`).join('');
  return [
    ...['qemu-system-arm', '-M', 'mps2-an385', '-display', 'none', '-monitor', 'none', '-serial', 'none'],
    ...['-icount', 'shift=0', '-semihosting-config', `enable=on,target=native${files}`, '-kernel', program],
  ];
}
