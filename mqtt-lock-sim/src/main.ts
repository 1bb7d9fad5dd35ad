/**
 * `staycode-lock`: the lock as a program, with a keypad page and, where there is a broker, MQTT.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type LockFile, openLockFile, playScenario, StaycodeError } from '@staycode/core';
import { systemClock } from '@staycode/core/edges';
import { type Fleet, startFleet } from './fleet.ts';
import { serveLock } from './http.ts';
import { connectLock } from './mqtt.ts';
import { parseOptions, type RunOptions, type SecretPlace, USAGE } from './options.ts';
import { SimulatedLock } from './simulated-lock.ts';

const FIGURES_EVERY_MS = 10_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), process.env);
  switch (options.mode) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'scenario':
      return replay(readFileSync(options.file, 'utf8'));
    case 'run':
      await run(options);
      return 0;
  }
}

/** Ends on a line of JSON `{ "passed", "failed" }` after a line for each failure. */
function replay(text: string): number {
  const scenarios = text.split('\n').filter((line) => line.trim() !== '');
  let failed = 0;
  for (const scenario of scenarios) {
    const failures = playScenario(scenario);
    if (failures.length > 0) failed += 1;
    for (const { scenario: name, step, at, expected, got } of failures) {
      say(`${name}: step ${step} at ${at}: expected ${expected}, got ${got}`);
    }
  }
  say(JSON.stringify({ passed: scenarios.length - failed, failed }));
  return failed === 0 ? 0 : 1;
}

/** A secret in a file may end on a line feed that is not of it. */
function readSecret(place: SecretPlace | null): string | null {
  const text = place && 'file' in place ? readFileSync(place.file, 'utf8') : place?.text;
  return text?.replace(/\r?\n$/u, '') ?? null;
}

function readLockFile({ lockFile, passphrase }: RunOptions): Promise<LockFile> {
  return openLockFile(readFileSync(lockFile, 'utf8'), readSecret(passphrase));
}

/** Resolves after SIGINT or SIGTERM, when all is closed. */
async function run(options: RunOptions): Promise<void> {
  const { mqtt, homeAssistant, fleet } = options;
  const lockOptions = { ...options, file: await readLockFile(options), system: systemClock, randomBytes };
  const broker = mqtt && { ...mqtt, password: readSecret(mqtt.password) };
  if (fleet !== null && broker !== null) {
    await runFleet(startFleet({ ...lockOptions, ...fleet, mqtt: broker, log: say }));
    return;
  }
  const lock = new SimulatedLock({ ...lockOptions, report: say });
  // The broker's address first: a wrong one must end the program before it listens.
  const link = broker && connectLock(lock, { ...broker, homeAssistant, log: say });
  const server = await serveLock(lock, { ...options, log: say });
  say(`Keypad ${server.url}`);
  await untilStopped();
  await link?.close();
  await server.close();
  lock.close();
}

async function runFleet(fleet: Fleet): Promise<void> {
  const tellFigures = (): void => {
    say(JSON.stringify(fleet.figures()));
  };
  tellFigures();
  const telling = setInterval(tellFigures, FIGURES_EVERY_MS);
  await untilStopped();
  clearInterval(telling);
  tellFigures();
  await fleet.close();
}

function untilStopped(): Promise<unknown> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof StaycodeError) && !(error instanceof Error && 'code' in error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
