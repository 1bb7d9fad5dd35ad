/** Each package in the program that it is for: it starts there, and does the first thing that one would ask of it. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLockFile } from '@staycode/core';
import { startProgram } from '../../demo/program.ts';
import { startHomebridge } from '../support/homebridge.ts';
import { exampleConfig } from '../support/lock-example.ts';
import { startNodeRed } from '../support/node-red.ts';
import type { Workspace } from '../support/packed.ts';

export interface HostOptions {
  /** The folder in whose node_modules the package was installed. */
  readonly folder: string;
  /** Where the host keeps its files. */
  readonly scratch: string;
  /** The host's own program, if not the repo's. */
  readonly program?: string;
  /** The Node to run on; the repo's unless set. */
  readonly node?: string;
}

/** Resolves with what was seen; throws where it does not start or do it. */
export const START: Readonly<Record<Workspace, (options: HostOptions) => Promise<string>>> = {
  core: issueCode,
  'node-red-nodes': loadNodes,
  'homebridge-plugin': loadPlugin,
  'mqtt-lock-sim': serveKeypad,
};

/** The command of the package, and what programs import of it, say the same digits. */
function issueCode({ folder, node = process.execPath }: HostOptions): Promise<string> {
  const key = '00'.repeat(32);
  const stay = { from: '2026-12-03T14:00:00Z', to: '2026-12-07T10:00:00Z' };
  const program = `
    import { deriveCodeKey, deriveUnitKey, issueCode } from '@staycode/core';
    import { openJournal } from '@staycode/core/edges';
    if (typeof openJournal !== 'function') throw new Error('no journal');
    const codeKey = deriveCodeKey(deriveUnitKey(Buffer.from('${key}', 'hex'), 'flat-a', 1));
    const [startsAtMs, endsAtMs] = ['${stay.from}', '${stay.to}'].map((text) => Date.parse(text));
    console.log(issueCode(codeKey, { kind: 'stay', revision: 0, startsAtMs, endsAtMs, alphabet: 'decimal' }));
  `;
  const run = (args: string[], env: NodeJS.ProcessEnv = {}): string =>
    execFileSync(node, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
  const imported = run(['--input-type=module', '--eval', program]).trim();
  const command = join(folder, 'node_modules/@staycode/core/bin/staycode.js');
  const issue = ['issue', '--unit', 'flat-a', '--from', stay.from, '--to', stay.to, '--json'];
  const said = run([command, ...issue], { STAYCODE_SITE_KEY: key });
  if (!/^\d{12}$/u.test(imported) || !said.includes(imported))
    throw new Error('expected twelve digits, the same from the command and from the import');
  return Promise.resolve('a code by import and by command');
}

/** `folder` is Node-RED's user directory, into which hosts install nodes. */
async function loadNodes({ folder, program, node }: HostOptions): Promise<string> {
  const flows = [{ id: 'tab', type: 'tab', label: 'Home' }];
  const running = await startNodeRed({
    userDir: folder,
    flows,
    ...(program && { program }),
    ...(node && { node }),
  });
  try {
    const answer = await fetch(`${running.url}/nodes`, { headers: { accept: 'application/json' } });
    const sets = (await answer.json()) as { module: string; enabled: boolean; err?: string }[];
    const ours = sets.filter(({ module }) => module === '@staycode/node-red');
    const broken = ours.filter(({ enabled, err }) => !enabled || err !== undefined);
    if (ours.length === 0 || broken.length > 0)
      throw new Error(`${ours.length} nodes, ${broken.length} of them broken:\n${running.logs()}`);
    return `${ours.length} nodes in ${/Node-RED version: \S+/u.exec(running.logs())?.[0] ?? 'Node-RED'}`;
  } finally {
    await running.stop();
  }
}

async function loadPlugin({ folder, scratch, program, node }: HostOptions): Promise<string> {
  const bridge = await startHomebridge({
    ...{ storageDir: join(scratch, 'storage'), pluginDir: join(folder, 'node_modules') },
    config: { platforms: [{ platform: 'Staycode', name: 'Staycode' }] },
    ...{ ...(program && { program }), ...(node && { node }) },
  });
  await bridge.stop();
  const log = bridge.logs();
  if (!log.includes('Nothing is configured yet')) throw new Error(`expected the plugin to speak:\n${log}`);
  return `a plugin in ${/Homebridge v\S+/u.exec(log)?.[0] ?? 'Homebridge'}`;
}

async function serveKeypad({ folder, scratch, node }: HostOptions): Promise<string> {
  const file = join(scratch, 'front-door.json');
  const named = { lockId: 'front-door', name: 'Front door', zone: 'Europe/Berlin' };
  writeFileSync(file, formatLockFile({ ...exampleConfig(), ...named, lockKey: new Uint8Array(32).fill(7) }));
  const command = join(folder, 'node_modules/@staycode/lock-sim/bin/staycode-lock.js');
  const lock = startProgram('Lock', [command, '--lock', file], { cwd: scratch, ...(node && { node }) });
  try {
    const [, url = ''] = await lock.waitFor(/Keypad (http:\S+)/u);
    const page = await (await fetch(url)).text();
    const state = await (await fetch(`${url}/api/state`)).text();
    if (!page.includes('data-key') || !state.includes('"bolt":"secured"'))
      throw new Error('expected a keypad and a lock that is locked');
    return 'a keypad page and a lock';
  } finally {
    await lock.stop();
  }
}
