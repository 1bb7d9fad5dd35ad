/** One of the demo's programs as a child process on the repo's own Node. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Program {
  readonly name: string;
  readonly pid: number;
  /** All that it printed. */
  logs(): string;
  /** Resolves with the first match in what it prints; rejects with its log if it ends or takes too long. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** SIGTERM, and SIGKILL for one that does not go. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 7_000;

export function startProgram(
  name: string,
  args: readonly string[],
  options: {
    cwd: string;
    env?: Readonly<Record<string, string>>;
    onExit?: (program: string) => void;
    /** The Node to run it on; this process's unless set. */
    node?: string;
  },
): Program {
  const child = spawn(options.node ?? process.execPath, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  let stopping = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
  }
  child.once('exit', () => {
    if (!stopping) options.onExit?.(name);
  });
  return {
    name,
    pid: child.pid ?? -1,
    logs: () => log,
    waitFor: (pattern) => waitFor(child, name, pattern, () => log),
    stop: () => {
      stopping = true;
      return stop(child);
    },
  };
}

async function waitFor(
  child: ChildProcess,
  name: string,
  pattern: RegExp,
  log: () => string,
): Promise<RegExpExecArray> {
  const late = AbortSignal.timeout(START_TIMEOUT_MS);
  for (;;) {
    const match = pattern.exec(log());
    if (match) return match;
    if (child.exitCode !== null || late.aborted) throw new Error(`${name} did not start:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
