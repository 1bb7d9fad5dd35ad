/** The commands that pages show, and which of them there are. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Found } from './markdown.ts';
import { type Page, placeOf, ROOT } from './pages.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly workspaces?: readonly string[];
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

const { scripts = {}, workspaces = [] } = readManifest('.');
/** What `npm pack` calls a package's file. */
const TARBALLS = workspaces
  .map(readManifest)
  .map(({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);

/** Other people's programs that a page may show; they are run where they are. */
const OTHERS = ['head', 'od', 'base32'];

/** As npx has it in a clone: the clone's own commands in front, and with them its Node. */
export function cloneEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const bin = join(ROOT, 'node_modules/.bin');
  return { ...process.env, ...more, PATH: [bin, process.env.PATH].join(delimiter) };
}

/** Ours, which are run; the rest is looked at. A clone has them behind npx, an installed package without. */
export function isOurs(command: string): boolean {
  return /^(?:npx )?staycode(?:-lock)? /u.test(command);
}

export function isRun(command: string): boolean {
  return isOurs(command) || OTHERS.includes(command.split(' ', 1)[0] ?? '');
}

/** A line each of the blocks that are commands; two spaces or more begin what is said of it. */
export function commandsOf({ blocks }: Page): Found[] {
  return blocks
    .filter(({ language }) => language === null || language === 'sh')
    .flatMap(({ line, lines }) =>
      lines.map((text, i) => ({ line: line + i, text: text.replace(/ {2,}.*$/u, '').trim() })),
    )
    .filter(({ text }) => text !== '');
}

/** What is wrong with the commands of a page that are not run, a line each: those of npm, and whatever nobody knows. */
export function findBadCommands(page: Page): string[] {
  return commandsOf(page)
    .filter(({ text }) => !isRun(text))
    .flatMap(({ line, text }) => tell(page, line, text, faultOfCommand(text)));
}

/** The same for commands, options and packed files that a sentence names. */
export function findBadSpans(page: Page): string[] {
  return page.spans.flatMap(({ line, text }) => tell(page, line, text, faultOfSpan(text)));
}

function tell(page: Page, line: number, text: string, fault: string | null): string[] {
  return fault === null ? [] : [`${placeOf(page, line)}: ${text}: ${fault}`];
}

function faultOfCommand(command: string): string | null {
  const [, variables = '', rest = ''] = /^((?:[A-Z_]+=\S+ )*)(.*)$/u.exec(command) ?? [];
  const unknown = Array.from(variables.matchAll(/([A-Z_]+)=/gu), ([, name = '']) => name).find(
    (name) => !isVariable(name),
  );
  if (unknown !== undefined) return `nothing reads ${unknown}`;
  const [program = '', ...args] = rest.split(/\s+/u);
  switch (program) {
    case 'npm':
      return faultOfNpm(args);
    case 'bash':
      return faultOfFiles(args);
    case 'export':
      return isVariable(args.join(' ').split('=', 1)[0] ?? '') ? null : 'nothing reads this variable';
    default:
      return 'no command that is known; code that is none has to be fenced and say its language';
  }
}

function faultOfNpm([verb = '', ...args]: readonly string[]): string | null {
  switch (verb) {
    case 'start':
    case 'test':
      return faultOfFiles(args.filter((arg) => arg !== '--'));
    case 'run':
      return Object.hasOwn(scripts, args[0] ?? '') ? null : 'no such script';
    case 'pack': {
      const named = args.filter((arg) => arg !== '--workspace');
      return named.length > 0 && named.every((name) => workspaces.includes(name))
        ? null
        : 'no such workspace';
    }
    case 'install': {
      const files = args.filter((arg) => arg !== '--global');
      const isPacked = files.length > 0 && files.every((file) => TARBALLS.includes(file.replace('./', '')));
      return isPacked ? null : 'no such packed file';
    }
    default:
      return 'no command of npm that is known here';
  }
}

function faultOfFiles(files: readonly string[]): string | null {
  return files.every((file) => existsSync(join(ROOT, file))) ? null : 'no such file';
}

function faultOfSpan(text: string): string | null {
  if (/^npm (?:run|start|test)\b/u.test(text)) return faultOfCommand(text);
  if (/^[\w.-]+\.tgz$/u.test(text)) return TARBALLS.includes(text) ? null : 'no such packed file';
  const [, program, name] = /^(?:npx )?(staycode(?:-lock)?)(?: ([a-z][a-z-]*))?\b/u.exec(text) ?? [];
  if (program !== undefined && /^(?:npx )?staycode(?:-lock)?(?: |$)/u.test(text)) {
    return faultOfOptions(text, program === 'staycode' ? helpOf(name) : lockHelp());
  }
  return text.startsWith('--') ? faultOfOptions(text, `${staycodeHelp()}\n${lockHelp()}`) : null;
}

/** An option that is not in the help is none that a page may name. */
function faultOfOptions(text: string, help: string | null): string | null {
  if (help === null) return 'no such command';
  const options = Array.from(text.matchAll(/(?:^|\s)(--[a-z][a-z-]*)/gu), ([, option = '']) => option);
  const unknown = options.find((option) => option !== '--help' && !hasWord(help, option));
  return unknown === undefined ? null : `no option ${unknown}`;
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[^\w-]+/u).includes(word);
}

/** What `--help` says of one command, and of all of them at its end; `null` where there is none. */
function helpOf(name: string | undefined): string | null {
  const help = staycodeHelp();
  if (name === undefined) return help;
  const [, list = '', common = ''] = /^.*?\n\n(.*?)\n\n(.*)$/su.exec(help) ?? [];
  const own = list.split('\n').filter((line) => line.startsWith(`  ${name} `));
  return own.length === 0 ? null : [...own, common].join('\n');
}

const staycodeHelp = lazily(() => helpFrom('staycode'));
const lockHelp = lazily(() => helpFrom('staycode-lock'));

function helpFrom(program: string): string {
  const { status, stdout } = spawnSync(program, ['--help'], { encoding: 'utf8', env: cloneEnv() });
  if (status !== 0) throw new Error(`${program} --help: ${status}`);
  return stdout;
}

const sources = lazily(() =>
  globSync(['core/src/**/*.ts', 'mqtt-lock-sim/src/*.ts', 'test/**/main.ts', 'scripts/*.ts'], { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n'),
);

function isVariable(name: string): boolean {
  return name.startsWith('STAYCODE_') && hasWord(sources(), name);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
