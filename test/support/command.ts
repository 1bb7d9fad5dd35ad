/** Runs a staycode command line with its edges in hand. */
import { runStaycode } from '../../core/src/cli/main.ts';

export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runCommand(args: string[], env: Record<string, string> = {}): Promise<CommandRun> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runStaycode(args, {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    env,
    randomBytes: (length) => new Uint8Array(length).fill(0x11),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
