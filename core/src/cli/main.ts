/**
 * The `staycode` command: a table of subcommands over the rooms of core. Each takes arguments and edges, and returns an exit code.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { runBackup, runRestore } from './backup.ts';
import { runBackupCodes } from './backup-codes.ts';
import { runIssue, runKeygen, runRead } from './codes.ts';
import { runAccess, runExplain } from './explain.ts';
import { runFeed } from './feed.ts';
import { runLog } from './log.ts';
import { runOdds } from './odds.ts';
import { runPair } from './pair.ts';
import { runProvision } from './provision.ts';
import { runRecord } from './record.ts';
import { runRotate } from './rotate.ts';

/** The edges of a command. */
export interface CommandIo {
  /** One line, or several, without the last line feed. */
  stdout(text: string): void;
  stderr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  randomBytes(length: number): Uint8Array;
}

type Command = (args: string[], io: CommandIo) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, { run: Command; usage: string }>> = {
  keygen: { run: runKeygen, usage: 'keygen [--out FILE]                                    a new site key' },
  issue: {
    run: runIssue,
    usage:
      'issue --unit ID --from TIME --to TIME [--kind stay|amendment|one-time|revocation] [--revision N]\n  issue --unit ID --kind clock --at TIME',
  },
  read: {
    run: runRead,
    usage: 'read CODE --unit ID                                    what twelve digits say',
  },
  feed: {
    run: (args, io) => (args[0] === 'record' ? runRecord(args.slice(1), io) : runFeed(args, io)),
    usage:
      'feed FILE|URL --zone ZONE [--check-in 15:00] [--check-out 11:00]   the stays in a calendar\n  feed record URL|FILE --out FILE [--redact] [--name L1] [--every 15] [--polls N]   keeps polls as a fixture',
  },
  odds: {
    run: runOdds,
    usage: 'odds [--zone ZONE] [--alphabet A] | odds --lock FILE [--pins N]   what a guesser can hope for',
  },
  provision: {
    run: runProvision,
    usage:
      'provision --lock ID [--name NAME] --unit ID[:VERSION[:ALPHABET]] … --zone ZONE [--street-door] [--staff FILE] [--keeper ID|none] --out FILE [--plain]',
  },
  rotate: {
    run: runRotate,
    usage:
      'rotate --lock ID FILES… --out FOLDER [--register FILE]   new keys after a lock was stolen or lost',
  },
  pair: {
    run: runPair,
    usage:
      'pair --lock FILE --broker URL [--user NAME] [--controller homebridge]   the line to paste into Homebridge',
  },
  explain: {
    run: runExplain,
    usage:
      'explain CODE|- --lock FILE [--journal FOLDER] [--register FILE] [--at TIME]   what an entry is to a lock, and why',
  },
  access: {
    run: runAccess,
    usage: 'access --lock FILE --journal FOLDER [--at TIME]        everything that can open a lock now',
  },
  log: {
    run: runLog,
    usage:
      'log verify FILE [--lock FILE] [--pin SEQ:HASH:KEY]     whether a log, of a lock or of its keeper, is whole and signed',
  },
  backup: {
    run: runBackup,
    usage: 'backup --register FILE --out FILE                      site key and register, sealed',
  },
  'backup-codes': {
    run: runBackupCodes,
    usage:
      'backup-codes plan|list|draw|revoke --lock FILE --register FILE [--unit ID] [--days 14] [--day YYYY-MM-DD]   one-time codes, a day each',
  },
  restore: {
    run: runRestore,
    usage: 'restore FILE --register FILE --key-out FILE            both back',
  },
};

const USAGE = `staycode: door codes that work offline

${Object.values(COMMANDS)
  .map(({ usage }) => `  ${usage}`)
  .join('\n')}

Each takes --json. Times are ISO 8601 with a zone. The site key comes from --key-file FILE or STAYCODE_SITE_KEY, the passphrase of a
sealed file from --passphrase-file FILE or STAYCODE_PASSPHRASE. issue and read take --key-version N and --alphabet decimal|no-zero;
provision takes the house's rules: --check-in-from, --check-in-to, --check-out-from, --check-out-to (HH:MM), --step-minutes,
--min-nights, --max-nights, --skew-minutes, --pin-digits 0|6|8, --clock-lost wait|grace.`;

/** Runs one command line; 0 is well, 1 an answer that is no, 2 misuse or bad data with the reason on stderr. */
export async function runStaycode(args: readonly string[], io: CommandIo): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === '' || name === '--help' || name === 'help') {
    io.stdout(USAGE);
    return name === '' ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    io.stderr(`staycode: expected one of ${Object.keys(COMMANDS).join(', ')}, got ${name}`);
    return 2;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (!isTellable(error)) throw error;
    io.stderr(`staycode ${name}: ${error.message}`);
    return 2;
  }
}

/** Our own errors, and those with a code from Node: an unknown option, a file that is there already. */
function isTellable(error: unknown): error is Error {
  return error instanceof StaycodeError || (error instanceof Error && 'code' in error);
}
