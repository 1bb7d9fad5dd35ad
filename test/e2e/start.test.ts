import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { listeningOn, LOOPBACK } from '../support/listening.ts';

const root = join(import.meta.dirname, '../..');

/** `npm start` as a person runs it, in a process group of its own as a terminal gives it. */
function startByNpm(): { child: ChildProcess; printed: () => string } {
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, 'start']] : ['npm', ['start']];
  const child = spawn(command, args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  return { child, printed: () => text };
}

async function waitForReady(child: ChildProcess, printed: () => string): Promise<void> {
  const late = AbortSignal.timeout(90_000);
  while (!/^ready$/mu.test(printed())) {
    if (late.aborted || child.exitCode !== null)
      throw new Error(`npm start did not get ready:\n${printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start', function () {
  this.timeout(120_000);
  let group = 0;

  // What a failure leaves running, too.
  afterEach(() => {
    if (group > 0 && isAlive(-group)) process.kill(-group, 'SIGKILL');
  });

  for (const [how, target, signal] of [
    ['Ctrl-C in the terminal', 'group', 'SIGINT'],
    ['an interrupt of npm alone', 'npm', 'SIGINT'],
    ["npm's sudden death", 'npm', 'SIGKILL'],
  ] as const) {
    it(`prints addresses that answer, the running stay's code and ready, and ends with all its programs at ${how}`, async () => {
      const { child, printed } = startByNpm();
      group = child.pid ?? 0;
      await waitForReady(child, printed);
      const text = printed();
      assert.equal(text.trimEnd().split('\n').at(-1), 'ready');
      const addresses = text.match(/http:\/\/127\.0\.0\.1:\d+\//gu) ?? [];
      assert.equal(addresses.length, 5);
      // All but Homebridge's, which speaks HAP and has no page.
      for (const address of addresses.slice(0, 4)) assert.equal((await fetch(address)).status, 200);
      const ports = Array.from(text.matchAll(/\/\/127\.0\.0\.1:(\d+)/gu), ([, port]) => Number(port));
      for (const port of ports) assert.deepEqual(listeningOn(port), [LOOPBACK], String(port));
      const [, code = ''] = /code[^:]*: (\d{4} \d{4} \d{4})$/mu.exec(text) ?? [];
      const entry = await fetch(`${addresses[0]}api/entry`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ digits: code.replaceAll(' ', '') }),
      });
      assert.equal(((await entry.json()) as { opened: boolean }).opened, true);
      const pids = Array.from(text.matchAll(/(?:Broker|Lock|Node-RED|Homebridge) (\d+)/gu), ([, pid]) =>
        Number(pid),
      );
      assert.equal(pids.length, 4);
      assert(pids.every(isAlive));

      const pid = child.pid ?? 0;
      process.kill(target === 'group' ? -pid : pid, signal);
      const late = AbortSignal.timeout(10_000);
      while (pids.some(isAlive) && !late.aborted) await new Promise((resolve) => setTimeout(resolve, 100));
      assert.deepEqual(pids.filter(isAlive), []);
    });
  }
});
