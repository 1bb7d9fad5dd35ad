/**
 * Runs the suite (or the files named), two files at a time, says what was skipped and why, and ends on `N passed, N failed`.
 * With STAYCODE_NO_SKIP=1, as in `.ci/run`, a skipped test is a failed one.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

const root = join(import.meta.dirname, '..');
const named = process.argv.slice(2);
// From the end of the alphabet: `slots` has the longest file, and what is left for last has a core to itself.
const files = named.length > 0 ? named : globSync('test/**/*.test.ts', { cwd: root }).sort().reverse();
// Most of the suite waits, for browsers, brokers and clocks. A file by itself is run in this process, and prints as it goes.
const mocha = new Mocha({
  ...{ timeout: 30_000, reporter: 'spec', failZero: true, checkLeaks: true },
  ...{ parallel: files.length > 1, jobs: 2 },
});
for (const file of files) mocha.addFile(join(root, file));
if (files.length === 1) await mocha.loadFilesAsync();

const skipped: string[] = [];
const runner = mocha.run((failures) => {
  const passed = runner.stats?.passes ?? 0;
  for (const line of skipped) console.log(`skipped: ${line}`);
  const strict = process.env.STAYCODE_NO_SKIP === '1';
  const failed = failures + (strict ? skipped.length : 0);
  console.log(
    `${passed} passed, ${failed} failed${strict || skipped.length === 0 ? '' : `, ${skipped.length} skipped`}`,
  );
  // A handle left open by a test would hang the run for ever; its tests have all been judged by now.
  process.exit(failed === 0 ? 0 : 1);
});
runner.on('pending', (test) => skipped.push(test.fullTitle()));
