/**
 * `npm run check:homebridge`: Homebridge's rules for verified plugins, a line each: ok, open with the reason, or fails with what.
 * Ends with 1 where one fails that is not known to be open.
 */
import { unpackPlugin } from '../support/packed-plugin.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { readPacked, RULES } from './verified-rules.ts';

const packed = readPacked(unpackPlugin(scratchFolder()), scratchFolder());
try {
  for (const { rule, open, faults } of RULES) {
    const found = await faults(packed);
    if (found.length === 0) console.log(`ok     ${rule}`);
    else if (open !== undefined) console.log(`open   ${rule}: ${open}`);
    else {
      console.log(`fails  ${rule}: ${found.join('; ')}`);
      process.exitCode = 1;
    }
  }
} finally {
  removeScratch();
}
