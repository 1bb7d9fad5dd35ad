/** The real mosquitto of this machine with a configuration of the test's, on a free port of 127.0.0.1. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../demo/free-port.ts';
import { hasProgram, skipUnless } from './parts.ts';

export interface Mosquitto {
  readonly port: number;
  /** What it wrote to its log. */
  log(): string;
  stop(): Promise<void>;
}

export function needsMosquitto(context: Mocha.Context): void {
  skipUnless(
    context,
    hasProgram('mosquitto') && hasProgram('openssl'),
    'no mosquitto or no openssl on this machine',
  );
}

/** Starts it, with the lines of `config` for the port given, and resolves once it takes connections. */
export async function startMosquitto(folder: string, config: (port: number) => string): Promise<Mosquitto> {
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  // Started by root it would become another user, who cannot read the test's files.
  writeFileSync(file, `user ${userInfo().username}\n${config(port)}\n`);
  const program = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('data', (data: Buffer) => {
      log += data.toString();
    });
  }
  while (!(await takesConnections(port))) {
    if (program.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { port, log: () => log, stop: () => end(program) };
}

/** Writes mosquitto's password file for users and their passwords. */
export function writePasswords(file: string, passwords: Readonly<Record<string, string>>): void {
  writeFileSync(file, '', { mode: 0o600 });
  for (const [user, password] of Object.entries(passwords)) {
    execFileSync('mosquitto_passwd', ['-b', file, user, password]);
  }
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  await ended;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}
