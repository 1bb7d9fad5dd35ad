/**
 * Runs TypeScript programs, one after the other, on the Node that the repo brings (npm package `node`), installing first
 * what is missing. Plain JavaScript for whatever Node the machine has; everything else here runs on the repo's own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules/node/bin/node');
const stamp = join(root, 'node_modules/.staycode-lock');

installIfMissing();
const args = process.argv.slice(2);
const split = args.indexOf('--');
const programs = split < 0 ? args : args.slice(0, split);
const lastArgs = split < 0 ? [] : args.slice(split + 1);
for (const [i, program] of programs.entries()) {
  const code = await run(program, i === programs.length - 1 ? lastArgs : []);
  if (code !== 0) process.exit(code);
}

function installIfMissing() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing what is missing (about a minute the first time) …');
  // npm says under which path it runs; a bare `npm` could be the one that Node-RED bundles.
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm ? [process.execPath, npm] : ['npm'];
  const done = spawnSync(command, [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
  writeFileSync(stamp, wanted);
}

/** Signals go on to the program, which ends in its own time; a second one reaches it too. */
function run(program, programArgs) {
  return new Promise((resolve) => {
    const child = spawn(node, ['--conditions=staycode-source', program, ...programArgs], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) },
    });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    // Who started this may be killed without a word; what it started must not outlive it.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && forward('SIGTERM'), 500);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, forward);
      resolve(signal ? 1 : (code ?? 1));
    });
  });
}
