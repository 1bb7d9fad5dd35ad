/** What a package has to be before anybody installs it, read from its unpacked tarball. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const ROOT = join(import.meta.dirname, '../..');

/** A package where a user has it: `home` is its own folder, `folder` the one whose node_modules it is in. */
export interface Installed {
  readonly name: string;
  readonly home: string;
  readonly folder: string;
}

export interface PackageRule {
  readonly rule: string;
  /** What is wrong, a line each. */
  readonly faults: (installed: Installed) => string[] | Promise<string[]>;
}

interface PublishedManifest {
  readonly description?: string;
  readonly license?: string;
  readonly homepage?: string;
  readonly repository?: { readonly url?: string };
  readonly bugs?: { readonly url?: string };
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const BROWSER_FILE = /^\/plugins\/[\w-]+\/page\//u;
/** Both ways in which TypeScript finds a package's types today: as Node does, and as bundlers do. */
const RESOLUTIONS = [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const;

export const PACKAGE_RULES: readonly PackageRule[] = [
  {
    rule: 'says what it is, under which licence, and on which Node',
    faults: ({ home }) => {
      const { description, license, engines } = manifestOf(home);
      const texts = { description, license, 'engines.node': engines?.node };
      return [
        ...Object.entries(texts).flatMap(([name, text]) => (text ? [] : [`${name}: none`])),
        ...['README.md', 'LICENSE'].flatMap((file) =>
          existsSync(join(home, file)) ? [] : [`${file}: none`],
        ),
      ];
    },
  },
  {
    rule: 'says where it comes from, and where bugs are told',
    faults: ({ home }) => {
      const { homepage, repository, bugs } = manifestOf(home);
      const addresses = { homepage, 'repository.url': repository?.url, 'bugs.url': bugs?.url };
      return Object.entries(addresses).flatMap(([name, url]) =>
        /^(?:git\+)?https:/u.test(url ?? '') ? [] : [`${name}: ${url ?? 'none'}, expected an https address`],
      );
    },
  },
  {
    rule: 'runs nothing at installation',
    faults: ({ home }) =>
      Object.keys(manifestOf(home).scripts ?? {}).filter((name) => /install|^prepare$/u.test(name)),
  },
  { rule: 'has nothing that publint finds', faults: publintFaults },
  { rule: 'has types that compile, where it has types', faults: typeFaults },
];

/** Errors and warnings. What a browser loads is no module of Node's, whatever the package's type is. */
async function publintFaults({ home }: Installed): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: home, pack: false, strict: true, level: 'warning' });
  return messages
    .filter((one) => one.code !== 'FILE_INVALID_FORMAT' || !BROWSER_FILE.test(one.args.actualFilePath ?? ''))
    .map((message) => `${message.type}: ${formatMessage(message, pkg) ?? message.code}`);
}

/** A program that imports each entry whole, checked with the package's declarations and not only the program. */
function typeFaults({ name, home, folder }: Installed): string[] {
  const entries = Object.entries(manifestOf(home).exports ?? {}).filter(
    ([, { types }]) => types !== undefined,
  );
  if (entries.length === 0) return [];
  const imports = entries.map(([path], i) => `import * as entry${i} from '${join(name, path)}';`);
  const uses = entries.map((_, i) => `export const size${i}: number = Object.keys(entry${i}).length;`);
  writeFileSync(join(folder, 'consumer.mts'), [...imports, ...uses, ''].join('\n'));
  return RESOLUTIONS.flatMap(([module, moduleResolution]) => {
    const options = { module, moduleResolution, target: 'es2024', lib: ['es2024'], types: ['node'] };
    const compilerOptions = {
      ...{ ...options, strict: true, noEmit: true, skipLibCheck: false },
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.mts'] }),
    );
    return compileFaults(folder).map((line) => `${moduleResolution}: ${line}`);
  });
}

function compileFaults(folder: string): string[] {
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    return [];
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    return stdout.split('\n').filter((line) => line.includes('error'));
  }
}

function manifestOf(home: string): PublishedManifest {
  return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as PublishedManifest;
}
