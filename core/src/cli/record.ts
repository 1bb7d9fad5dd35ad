/**
 * `staycode feed record`: the flight recorder. Polls a feed and keeps each poll as a line of the replay form, so that what a
 * host reports can be played again.
 * @module
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Clock, systemClock } from '../edges/clock.ts';
import { fetchFeed } from '../edges/fetch-feed.ts';
import { StaycodeError } from '../errors.ts';
import { formatInstant } from '../instant.ts';
import type { CommandIo } from './main.ts';
import { makeRedactor, NO_REDACTOR, type Redactor } from './pseudonyms.ts';
import { recordPoll, type RecordedPoll } from './record-poll.ts';

const MINUTE_MS = 60_000;
const MAX_MINUTES = 24 * 60;

/**
 * `record URL|FILE --out FILE [--redact] [--name L1] [--every 15] [--polls N]`: a first line about it, then one a poll, until
 * it is stopped or N polls are made. With `--redact` nothing of it names anybody; the pseudonyms' key is made for this
 * recording and never written, so a recording is never gone on with. @throws StaycodeError `bad-config`
 */
export async function runRecord(
  args: readonly string[],
  io: CommandIo,
  clock: Clock = systemClock,
): Promise<number> {
  const { source, out, redact, name, everyMs, polls } = readOptions(args);
  const redactor = redact ? makeRedactor(io.randomBytes(32)) : NO_REDACTOR;
  const about = `feed polled every ${everyMs / MINUTE_MS} minutes, ${redact ? 'pseudonymised (equality preserved)' : 'as it came'}`;
  await writeFile(out, `${JSON.stringify({ about })}\n`, { flag: 'wx' });
  if (!redact)
    io.stderr('staycode feed record: what is written names guests; --redact gives them pseudonyms');
  let last = '';
  for (let made = 0; made < polls; made++) {
    if (made > 0) await clock.delay(everyMs);
    const atMs = clock.now();
    const poll = await pollOnce(source, redactor, io);
    const json = JSON.stringify(poll);
    const head = { t: formatInstant(atMs), l: name };
    await appendFile(
      out,
      `${JSON.stringify(json === last ? { ...head, same: true } : { ...head, ...poll })}\n`,
    );
    last = json;
  }
  io.stdout(`${polls} polls in ${out}`);
  return 0;
}

/** A fetch that fails is a poll, too: it is what the engine has to live with. */
async function pollOnce(
  source: string,
  redactor: Redactor,
  io: CommandIo,
): Promise<RecordedPoll | { readonly kind: 'failed'; readonly events: readonly never[] }> {
  try {
    return recordPoll(await readSource(source), redactor);
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    io.stderr(`staycode feed record: ${error.message}`);
    return { kind: 'failed', events: [] };
  }
}

async function readSource(source: string): Promise<Uint8Array> {
  if (!/^(https?|webcal):/i.test(source)) return readFile(source);
  // Whoever types the address sits at this machine.
  const { body } = await fetchFeed(source, { allowPrivate: true });
  return body;
}

interface RecordOptions {
  readonly source: string;
  readonly out: string;
  readonly redact: boolean;
  readonly name: string;
  readonly everyMs: number;
  readonly polls: number;
}

function readOptions(args: readonly string[]): RecordOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      redact: { type: 'boolean', default: false },
      name: { type: 'string', default: 'L1' },
      every: { type: 'string', default: '15' },
      polls: { type: 'string', default: 'Infinity' },
    },
  });
  const [source] = positionals;
  const { out, redact, name } = values;
  if (source === undefined || positionals.length > 1) {
    throw new StaycodeError('bad-config', `expected one FILE or URL, got ${positionals.length}`);
  }
  if (out === undefined) throw new StaycodeError('bad-config', 'expected --out FILE');
  const minutes = Number(values.every);
  if (!(minutes >= 1 && minutes <= MAX_MINUTES)) {
    throw new StaycodeError(
      'bad-config',
      `expected --every of 1 to ${MAX_MINUTES} minutes, got ${values.every}`,
    );
  }
  const polls = Number(values.polls);
  if (!(polls >= 1))
    throw new StaycodeError('bad-config', `expected --polls of 1 or more, got ${values.polls}`);
  return { source, out, redact, name, everyMs: minutes * MINUTE_MS, polls };
}
