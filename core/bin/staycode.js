#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { runStaycode } from '../dist/cli/main.js';

process.exitCode = await runStaycode(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(`${text}\n`),
  stderr: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  randomBytes: (length) => randomBytes(length),
});
