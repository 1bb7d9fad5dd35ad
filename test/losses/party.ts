/** The lock or the host of a run: a process behind a wire of its own, killed and started again over the same folder. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Forwarder, startForwarder } from '../support/forwarder.ts';
import type { Report } from './plan.ts';

/** Thousands of lives of two programs: read and compiled once, each starts in half the time. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'staycode-losses-compiled');

export interface Party {
  readonly wire: Forwarder;
  /** SIGKILL, and a new process at once. */
  killAndRestart(): Promise<void>;
  /** SIGSTOP for so long: alive for the broker, deaf in fact. */
  pause(ms: number): Promise<void>;
  tell(message: object): void;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Whether the process of now lives, and what all of them have printed. */
  tale(): string;
  /** SIGKILL, for good. */
  end(): Promise<void>;
}

/** Starts `program` with the plan that `planOf` makes for each of its lives. */
export async function startParty(
  program: string,
  brokerUrl: string,
  planOf: (url: string) => object,
  onReport: (report: Report) => void,
): Promise<Party> {
  const wire = await startForwarder(Number(new URL(brokerUrl).port));
  let child: ChildProcess;
  let log = '';
  const start = (): void => {
    child = fork(program, [JSON.stringify(planOf(`mqtt://127.0.0.1:${wire.port}`))], {
      silent: true,
      env: { ...process.env, NODE_COMPILE_CACHE },
    });
    child.on('message', (report) => {
      onReport(report as Report);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (log = (log + chunk.toString('utf8')).slice(-4_000)));
    }
    child.on('exit', (code) => {
      if (code !== null) console.error(`${program} ended by itself:\n${log}`);
    });
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  start();
  return {
    wire,
    killAndRestart: async () => {
      await kill();
      start();
    },
    pause: async (ms) => {
      child.kill('SIGSTOP');
      await delay(ms);
      child.kill('SIGCONT');
    },
    tell: (message) => {
      child.send(message);
    },
    signal: (name) => {
      child.kill(name);
    },
    tale: () => `${child.exitCode ?? child.signalCode ?? 'lives'}\n${log}`,
    end: async () => {
      await kill();
      await wire.close();
    },
  };
}
