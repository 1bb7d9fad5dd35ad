/**
 * A reader who follows a page: runs the commands of ours that it shows, in their order, in an empty folder, and puts in what the page
 * leaves to put in. What is left, and what a reader has at hand, is in the two tables here and nowhere else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openAccessCodeStore } from '@staycode/core/edges';
import { Temporal } from 'temporal-polyfill';
import { formatFeed, sampleBookings } from '../../demo/sample-ota.ts';
import { cloneEnv, commandsOf, isOurs, isRun } from './commands.ts';
import { type Page, placeOf } from './pages.ts';

/** What is outside of the reader's folder. */
export interface Surroundings {
  readonly brokerUrl: string;
  /** With TLS, a user and the password below. */
  readonly tlsBrokerUrl: string;
  readonly caFile: string;
  readonly feedUrl: string;
}

export const BROKER_PASSWORD = 'sea-shell';
const ZONE = 'Europe/Berlin';
const today = Temporal.Now.plainDateISO(ZONE);

/** What stands on a page for something of the reader's. */
const PLACEHOLDERS: readonly (readonly [shown: string, put: (around: Surroundings) => string])[] = [
  ['mqtt://192.168.1.10', ({ brokerUrl }) => brokerUrl],
  ['mqtts://broker:8883', ({ tlsBrokerUrl }) => tlsBrokerUrl],
  ['STAYCODE_MQTT_PASSWORD=…', () => `STAYCODE_MQTT_PASSWORD=${BROKER_PASSWORD}`],
  ['https://…', ({ feedUrl }) => feedUrl],
  ['~/.node-red/staycode/register.sqlite', () => 'register.sqlite'],
  ['--port 8080', () => '--port 0'],
  ['--fleet 1000', () => '--fleet 5'],
  // Yesterday and tomorrow, as the pages say.
  ['2026-12-03', () => today.subtract({ days: 1 }).toString()],
  ['2026-12-07', () => today.add({ days: 1 }).toString()],
];

const PROVISION = `staycode provision --key-file site.key --passphrase-file pass.txt --zone ${ZONE}`;

interface AtHand {
  /** Files that are needed for it, as a command names them. */
  readonly needs?: string;
  readonly make: (reader: Reader) => unknown;
}

/** What a reader has before the first command that names it, and how they came by it. */
const AT_HAND: Readonly<Record<string, AtHand>> = {
  'pass.txt': {
    make: (reader) => {
      reader.write('pass.txt', 'an example passphrase\n');
    },
  },
  'site.key': { make: (reader) => reader.run('staycode keygen --out site.key') },
  'front-door.json': {
    needs: 'site.key pass.txt',
    make: (reader) => reader.run(`${PROVISION} --lock front-door --unit flat-a --out front-door.json`),
  },
  'front-door.journal': {
    needs: 'front-door.json pass.txt',
    make: (reader) => reader.run('staycode-lock --lock front-door.json --passphrase-file pass.txt'),
  },
  'locks/*.json': {
    needs: 'site.key pass.txt',
    make: async (reader) => {
      mkdirSync(join(reader.folder, 'locks'));
      await reader.run(`${PROVISION} --lock street --unit flat-a --unit flat-b --out locks/street.json`);
      await reader.run(`${PROVISION} --lock hall --unit flat-a --out locks/hall.json`);
    },
  },
  'register.sqlite': {
    make: ({ folder }) => {
      openAccessCodeStore(join(folder, 'register.sqlite')).close();
    },
  },
  'calendar.ics': {
    make: (reader) => {
      reader.write('calendar.ics', formatFeed(sampleBookings(today)));
    },
  },
  'ca.crt': {
    make: ({ folder, around }) => {
      copyFileSync(around.caFile, join(folder, 'ca.crt'));
    },
  },
  // The page shows what has to be in it.
  'staff.json': {
    make: (reader) => {
      const shown = reader.page.blocks.find(({ language }) => language === 'json');
      reader.write('staff.json', shown?.lines.join('\n') ?? '');
    },
  },
};

/** Programs that go on until they are stopped: when they have come far enough to go on with the page. */
const GO_ON: readonly (readonly [command: RegExp, ready: readonly RegExp[]])[] = [
  [/^staycode-lock .*--fleet/u, [/^\{.*"locks":5/mu]],
  [/^staycode-lock .*--mqtt/u, [/^Keypad http/mu, /^MQTT: connected to/mu]],
  [/^staycode-lock /u, [/^Keypad http/mu]],
  [/^staycode feed record /u, []],
];

const PATIENCE_MS = 120_000;

export interface Ran {
  readonly command: string;
  /** `null` while it goes on. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Program {
  readonly child: ChildProcess;
  /** It has ended, and all that it said is here. */
  readonly ended: Promise<unknown>;
  readonly ran: () => Ran;
}

export class Reader {
  readonly page: Page;
  readonly folder: string;
  readonly around: Surroundings;
  /** What is wrong with the page's commands, a line each. */
  readonly faults: string[] = [];
  #env: Record<string, string> = {};
  #goesOn: Program | null = null;
  #digits = '';

  constructor(page: Page, folder: string, around: Surroundings) {
    this.page = page;
    this.folder = folder;
    this.around = around;
  }

  /** Runs what the page shows; the last program that goes on does so until `stop`. */
  async follow(): Promise<void> {
    for (const { line, text } of commandsOf(this.page)) {
      const [, name, value] = /^export (\w+)=(\S+)$/u.exec(this.#putIn(text)) ?? [];
      if (name !== undefined && value !== undefined) this.#env[name] = value;
      if (!isRun(text)) continue;
      try {
        await this.#haveAtHand(text);
        await this.run(text);
      } catch (error) {
        this.faults.push(`${placeOf(this.page, line)}: ${text}: ${(error as Error).message}`);
      }
    }
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** @throws Error for a command that ends otherwise than well, or never gets ready, with what it said */
  async run(shown: string): Promise<Ran> {
    const command = this.#putIn(shown).replace(/^npx /u, '');
    if (command.includes('…')) throw new Error('a placeholder that nobody declared');
    const ready = GO_ON.find(([pattern]) => pattern.test(command))?.[1];
    // A journal has one lock, so the lock of before has to go first.
    if (ready && command.startsWith('staycode-lock')) await this.stop();
    const program = this.#start(command);
    if (!ready) {
      await Promise.race([program.ended, pause(PATIENCE_MS, undefined, { ref: false })]);
      const ran = program.ran();
      if (ran.status === null) program.child.kill();
      if (ran.status !== 0) throw new Error(`ended on ${ran.status}: ${ran.err || ran.out}`);
      this.#digits = /^(\d{4} \d{4} \d{4}) {2}/mu.exec(ran.out)?.[1] ?? this.#digits;
      return ran;
    }
    await this.stop();
    this.#goesOn = program;
    await this.#untilReady(program, ready);
    return program.ran();
  }

  /** What is typed at the lock that goes on: the last code that a command has printed. */
  async typeLastCode(): Promise<boolean> {
    const [, url] = /^Keypad (http:\S+)/mu.exec(this.#goesOn?.ran().out ?? '') ?? [];
    const answer = await fetch(`${url}/api/entry`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digits: this.#digits.replaceAll(' ', '') }),
    });
    return ((await answer.json()) as { opened: boolean }).opened;
  }

  async stop(): Promise<void> {
    const program = this.#goesOn;
    this.#goesOn = null;
    program?.child.kill('SIGTERM');
    await program?.ended;
  }

  #putIn(text: string): string {
    return PLACEHOLDERS.reduce((whole, [shown, put]) => whole.replaceAll(shown, put(this.around)), text);
  }

  async #haveAtHand(text: string): Promise<void> {
    const words = this.#putIn(text).split(' ');
    for (const [name, { needs = '', make }] of Object.entries(AT_HAND)) {
      const isNamed = words.some((word, i) => {
        const isOutput = /^--(?:key-)?out$/u.test(words[i - 1] ?? '');
        return !isOutput && (word === name || word.startsWith(`${name}/`));
      });
      if (!isNamed || globSync(name, { cwd: this.folder }).length > 0) continue;
      await this.#haveAtHand(needs);
      await make(this);
    }
  }

  #start(command: string): Program {
    // Exec, so that a signal reaches the program and not the shell in front of it.
    const line = isOurs(command) ? `exec ${command}` : command;
    const child = spawn('sh', ['-c', line], { cwd: this.folder, env: cloneEnv(this.#env) });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    // Most programs end without having read it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${this.#digits}\n`);
    return { child, ended: once(child, 'close'), ran: () => ({ command, status: child.exitCode, out, err }) };
  }

  async #untilReady({ child, ended, ran }: Program, ready: readonly RegExp[]): Promise<void> {
    const out = /--out (\S+)/u.exec(ran().command)?.[1];
    const isReady = (): boolean =>
      ready.every((pattern) => pattern.test(ran().out)) &&
      (out === undefined || existsSync(join(this.folder, out)));
    const late = AbortSignal.timeout(PATIENCE_MS);
    while (!isReady()) {
      if (child.exitCode !== null) await ended;
      if (child.exitCode !== null || late.aborted)
        throw new Error(`did not get ready: ${ran().err || ran().out}`);
      await pause(20);
    }
  }
}
