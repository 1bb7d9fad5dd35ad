/** The verifier in C under docs/firmware: what it says beside what is published, and beside the verifier in TypeScript. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveCodeKey } from '@staycode/core';
import { createCodec } from '../../core/src/lock/keyring.ts';
import { alphabetSpec } from '../../core/src/stay-code/alphabet.ts';
import {
  buildFirmware,
  FIRMWARE,
  FIRMWARE_BUILDS,
  firmwareLacks,
  type FirmwareLock,
  lockCommands,
  runFirmware,
  hex,
  linesOf,
  stepCommands,
} from '../support/firmware.ts';
import { exampleRules } from '../support/lock-example.ts';
import { needsShared, SHARED, skipUnless } from '../support/parts.ts';
import { Random } from '../support/random.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import type { Scenario } from '../vectors/scenarios/parts.ts';
import {
  codeQuestions,
  keyQuestions,
  primitives,
  PUBLISHED,
  type Question,
  randomCodes,
} from './questions.ts';
import { firstEntries, randomScenarios, UNITS } from './random-entries.ts';

/** RFC 4226, appendix D: counters 0 to 9. RFC 6238, appendix B: the last time, by SHA-1, SHA-256 and SHA-512. */
const RFC_4226 = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
const RFC_6238 = ['65353130', '77737706', '47863826'];

/** Another seed, other entries. */
const SEED = Number(process.env.STAYCODE_SEED ?? 20_261_126);
const VECTORS = join(import.meta.dirname, '../vectors');
const memo = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const scenarios = memo(() => randomScenarios(SEED, 120));
const RULES = exampleRules({ clockLost: 'grace' });
const locks: FirmwareLock = {
  units: UNITS.map((unit) => ({ ...unit, unitKey: hex(unit.unitKey) })),
  rules: RULES,
  staff: [],
};
const entries = memo(() => firstEntries(new Random(SEED), RULES, 10_000));
const codes = memo(() => randomCodes(new Random(SEED), 10_000));

for (const build of FIRMWARE_BUILDS) {
  describe(`firmware, ${build}`, function () {
    this.timeout(300_000);
    let program: string;

    before(function () {
      const lacks = firmwareLacks(build);
      skipUnless(this, lacks === null, lacks ?? '');
      program = buildFirmware(build, scratchFolder());
    });
    after(removeScratch);

    const asks = (questions: readonly Question[]): void => {
      const answers = runFirmware(
        program,
        questions.map(([command]) => command),
      );
      assert.equal(answers.length, questions.length);
      for (const [i, [command, answer]] of questions.entries())
        assert.equal(answers[i], answer, `question ${i}: ${command.slice(0, 20)}`);
    };

    it('enciphers and authenticates as FIPS 197, RFC 2202, RFC 4231 and OpenSSL', () => {
      asks([...PUBLISHED, ...primitives(new Random(SEED))]);
    });

    it("agrees with the project's keys and codes", () => {
      asks([
        ...keyQuestions(join(VECTORS, 'keys.jsonl')),
        ...codeQuestions(join(VECTORS, 'stay-code.jsonl')),
      ]);
    });

    it('agrees with the published keys and codes', function () {
      needsShared(this);
      const spec = join(SHARED, 'spec');
      asks([
        ...keyQuestions(join(spec, 'vectors-keys.jsonl')),
        ...codeQuestions(join(spec, 'vectors.jsonl')),
      ]);
    });

    it("plays the project's scenarios", () => {
      plays(program, linesOf<Scenario>(join(VECTORS, 'lock-scenarios.jsonl')));
    });

    it('plays the published scenarios', function () {
      needsShared(this);
      plays(program, linesOf<Scenario>(join(SHARED, 'spec/scenarios-examples.jsonl')));
    });

    it('reads and writes ten thousand random codes as TypeScript does, both ways', () => {
      asks(codes());
    });

    it('judges ten thousand random entries as TypeScript does', () => {
      const commands = entries().flatMap(({ atMs, digits }) => [`begin ${atMs}`, `enter ${atMs} ${digits}`]);
      const answers = verdicts(runFirmware(program, [...lockCommands(locks, 0), ...commands]));
      for (const [i, { verdict }] of entries().entries()) assert.equal(answers[i], verdict, `entry ${i}`);
      const seen = new Set(answers);
      for (const verdict of [
        'opened stay',
        'opened amendment',
        'opened one-time',
        'done revocation',
        'refused early',
      ])
        assert(seen.has(verdict), `no entry was ${verdict}`);
    });

    it('lives a hundred and twenty random lives of a lock as TypeScript does', () => {
      const count = plays(program, scenarios());
      assert(count >= 10_000, `only ${count} entries`);
    });

    it('serves only who is in already under a key that has had its day, and nobody after an emergency', () => {
      const [stay = '', other = ''] = [0, 1].map((revision) => codeOf(revision));
      const later = Date.parse('2026-12-03T15:01:00Z');
      const answers = runFirmware(program, [
        ...lockCommands(locks, Date.parse('2026-12-03T14:00:00Z')),
        `enter ${Date.parse('2026-12-03T15:00:00Z')} ${stay}`,
        'serves 0 enrolled',
        ...[stay, stay.slice(0, 6), other].map((digits) => `enter ${later} ${digits}`),
        'serves 0 none',
        ...[stay, stay.slice(0, 6)].map((digits) => `enter ${later} ${digits}`),
      ]);
      const unknown = 'refused unknown';
      assert.deepEqual(verdicts(answers), [
        'opened stay',
        'opened stay',
        'opened pin',
        unknown,
        unknown,
        unknown,
      ]);
    });

    it('takes the codes of RFC 4226 and RFC 6238', () => {
      const hotp = { name: 'hotp', type: 'hotp', hash: 'sha1', digits: 6 } as const;
      const secret = (bytes: number): string =>
        Buffer.from('1234567890'.repeat(7).slice(0, bytes)).toString('hex');
      const totp = { name: 'totp', type: 'totp', digits: 8 } as const;
      const staff = [
        { ...hotp, secret: secret(20) },
        { ...totp, hash: 'sha1', secret: secret(20) } as const,
        { ...totp, hash: 'sha256', secret: secret(32) } as const,
        { ...totp, hash: 'sha512', secret: secret(64) } as const,
      ];
      const at = 20_000_000_000_000;
      const digits = [...RFC_4226, ...RFC_6238];
      const commands = [
        ...lockCommands({ ...locks, staff }, at),
        ...digits.map((code) => `enter ${at} ${code}`),
      ];
      assert.deepEqual(verdicts(runFirmware(program, commands)), Array(digits.length).fill('opened staff'));
    });

    it('opens nothing and remembers nothing that its journal did not take', () => {
      const at = Date.parse('2026-12-03T15:00:00Z');
      const answers = runFirmware(program, [
        ...lockCommands(locks, at),
        ...['journal fails', `enter ${at} ${codeOf(0)}`, 'journal works'],
        ...[`enter ${at} ${codeOf(0).slice(0, 6)}`, `enter ${at} ${codeOf(0)}`],
      ]);
      assert.deepEqual(verdicts(answers), ['refused journal-failed', 'refused unknown', 'opened stay']);
    });
  });
}

describe('firmware under the sanitizers', function () {
  this.timeout(300_000);

  it('takes whatever is typed, cut and lost, with tables that fill up', function () {
    const lacks = firmwareLacks('sanitized');
    skipUnless(this, lacks === null, lacks ?? '');
    const program = buildFirmware('sanitized', scratchFolder(), '-DSC_MAX_CODES=8');
    const staff = (['sha1', 'sha256', 'sha512'] as const).flatMap((hash) =>
      (['totp', 'hotp'] as const).map((type) => ({
        name: '',
        type,
        hash,
        digits: 6 as const,
        secret: '42'.repeat(64),
      })),
    );
    for (const seed of [1, 2, 3]) {
      const commands = lockCommands(
        { ...locks, rules: { ...RULES, startMask: '1'.repeat(48), endMask: '1'.repeat(48) }, staff },
        Date.UTC(2026, 11, 3),
      );
      const [opened] = runFirmware(program, [...commands, `fuzz ${SEED + seed} 8000`]);
      assert(Number.parseInt(opened ?? '', 10) > 100, `opened ${opened}`);
    }
    removeScratch();
  });
});

describe('firmware, its page', () => {
  after(removeScratch);

  it('shows a port that compiles, and counts its lines', function () {
    const lacks = firmwareLacks('host');
    skipUnless(this, lacks === null, lacks ?? '');
    const page = readFileSync(join(FIRMWARE, 'README.md'), 'utf8');
    const port = join(scratchFolder(), 'port.c');
    writeFileSync(port, /```c\n(?<code>.*?)```/su.exec(page)?.groups?.code ?? '');
    const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-I', FIRMWARE, '-c', port, '-o', `${port}.o`];
    const { status, stderr } = spawnSync('cc', flags, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const lines = (...names: string[]): number =>
      names.reduce((sum, name) => sum + readFileSync(join(FIRMWARE, name), 'utf8').split('\n').length - 1, 0);
    const verifier = lines('code.c', 'lock.c');
    assert(verifier < 400, `${verifier} lines`);
    for (const files of [['staycode.h'], ['code.c'], ['lock.c'], ['crypto.h', 'crypto.c']])
      assert(page.includes(` | ${lines(...files)} |`), `${files.join(', ')}: ${lines(...files)} lines`);
  });
});

describe('firmware with a table for two codes', () => {
  after(removeScratch);

  it('refuses a third, lets in who was, and takes another when the first can matter no more', function () {
    const lacks = firmwareLacks('host');
    skipUnless(this, lacks === null, lacks ?? '');
    const program = buildFirmware('host', scratchFolder(), '-DSC_MAX_CODES=2');
    const codes = [0, 0, 0].map((revision, day) => codeOf(revision, day));
    const typed = (at: string, digits = ''): string => `enter ${Date.parse(at)} ${digits}`;
    const longestAndDay = RULES.maxSlots * 30 + 24 * 60;
    const forgotten = new Date(Date.parse('2026-12-07T10:00:00Z') + longestAndDay * 60_000).toISOString();
    const answers = runFirmware(program, [
      ...lockCommands(locks, Date.parse('2026-12-05T16:00:00Z')),
      ...codes.map((digits) => typed('2026-12-05T16:00:00Z', digits)),
      ...codes.map((digits) => typed('2026-12-05T16:01:00Z', digits)),
      typed(new Date(Date.parse(forgotten) - 1).toISOString(), codeOf(0, 33)),
      typed(forgotten, '111'),
      typed(forgotten, codeOf(0, 33)),
    ]);
    const [first, second] = ['opened stay', 'refused store-full'];
    assert.deepEqual(verdicts(answers), [
      first,
      first,
      second,
      first,
      first,
      second,
      second,
      'refused unknown',
      first,
    ]);
  });
});

/** Plays scenarios and returns how many entries they had. */
function plays(program: string, scenarios: readonly Scenario[]): number {
  const commands = scenarios.flatMap((scenario) => [
    ...lockCommands(scenario, Date.parse(scenario.steps[0]?.at ?? '')),
    ...stepCommands(scenario.steps),
  ]);
  const answers = verdicts(runFirmware(program, commands));
  const asked = scenarios.flatMap(({ name, steps }) =>
    steps.flatMap((step, i) => ('enter' in step ? [{ ...step, where: `${name}, step ${i + 1}` }] : [])),
  );
  assert.equal(answers.length, asked.length);
  for (const [i, { where, expect, reason }] of asked.entries())
    assert.equal(answers[i], `${expect} ${reason}`, where);
  return asked.length;
}

/** Without what the verdict cost. */
function verdicts(answers: readonly string[]): string[] {
  return answers.map((answer) => answer.split(' ').slice(0, 2).join(' ').trim());
}

/** A stay of four nights from 3 December 2026, or as many days later. */
function codeOf(revision: number, days = 0): string {
  const [unit] = UNITS;
  assert(unit);
  const laterMs = days * 86_400_000;
  const startsAtMs = Date.parse('2026-12-03T14:00:00Z') + laterMs;
  const endsAtMs = Date.parse('2026-12-07T10:00:00Z') + laterMs;
  return createCodec(deriveCodeKey(unit.unitKey), alphabetSpec(unit.alphabet)).write({
    kind: 'stay',
    revision,
    startsAtMs,
    endsAtMs,
  });
}
