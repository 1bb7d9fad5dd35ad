#!/usr/bin/env node
import { randomBytes } from 'node:crypto';

// An older Node would say no more than that it does not know a module.
if (!process.getBuiltinModule?.('node:sqlite')) {
  process.stderr.write(`staycode: expected Node 22.13 or newer, got ${process.version}\n`);
  process.exit(1);
}
const { runStaycode } = await import('../dist/cli/main.js');

process.exitCode = await runStaycode(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(`${text}\n`),
  stderr: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  randomBytes: (length) => randomBytes(length),
});
