/** What the flow library's scorecard says of the packed package, read from its JSON: it ends with 0 whatever it found. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

export interface Check {
  /** As the scorecard names it, such as `P01`. */
  readonly id: string;
  readonly what: string;
  readonly state: 'green' | 'stubbed' | 'open' | 'red';
  /** Why it is not green, or what the scorecard said. */
  readonly note: string;
}

const CHECKS: Readonly<Record<string, string>> = {
  P01: 'a licence',
  P03: 'a repository or an address for bugs',
  P04: 'a scoped name',
  P05: 'the keyword node-red',
  P06: 'fits the current versions of Node-RED',
  P07: 'runs on the oldest Node that Node-RED runs on',
  P08: 'no package of a like name',
  N01: 'node types that no other package has',
  N02: 'an example of every node',
  D01: 'six dependencies at most',
  D02: 'no dependency that is known to be incompatible',
  D03: 'every dependency at its latest version',
};

/** What is known not to be green, and why. */
const OPEN: Readonly<Record<string, string>> = {
  P07: 'the register is node:sqlite, which Node has without a flag from 22.13 on',
};

/** Answered from an empty catalogue. */
const STUBBED = ['P08', 'N01'];

type Scorecard = Readonly<Record<string, { readonly test?: boolean } | undefined>>;

/** Runs `node-red-dev validate` on an unpacked package, its network checks answered on this machine. */
export function readScorecard(packageFolder: string, scratch: string): Check[] {
  const output = join(scratch, 'scorecard.json');
  const done = spawnSync(
    process.execPath,
    [
      ...['--require', join(import.meta.dirname, 'offline.cjs')],
      ...[join(ROOT, 'node_modules/node-red-dev/bin/run'), 'validate', '-p', packageFolder, '-o', output],
    ],
    { cwd: scratch, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (done.status !== 0)
    throw new Error(`node-red-dev ended with ${String(done.status)}:\n${done.stdout}${done.stderr}`);
  const scorecard = JSON.parse(readFileSync(output, 'utf8')) as Scorecard;
  const unknown = Object.keys(scorecard).filter((id) => id !== 'package' && !(id in CHECKS));
  const ids = [...Object.keys(CHECKS), ...unknown];
  return ids.map((id) => ({ id, what: CHECKS[id] ?? 'new to us', ...judge(id, scorecard[id]) }));
}

/** A check that is not there is not passed. */
function judge(id: string, found: Scorecard[string]): Pick<Check, 'state' | 'note'> {
  if (found?.test === true)
    return STUBBED.includes(id) ? { state: 'stubbed', note: 'the catalogue is empty here' } : GREEN;
  const why = OPEN[id];
  return why === undefined
    ? { state: 'red', note: JSON.stringify(found ?? 'missing') }
    : { state: 'open', note: why };
}

const GREEN = { state: 'green', note: '' } as const;

/** Those that are called open and are green by now. */
export function openNoMore(checks: readonly Check[]): string[] {
  return checks.filter(({ id, state }) => id in OPEN && state !== 'open').map(({ id }) => id);
}
