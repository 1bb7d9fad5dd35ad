/**
 * `npm run check:homebridge`: Homebridge's rules for verified plugins, a line each: ok, or fails with what, and then it ends with 1.
 */
import { unpackPlugin } from '../support/packed-plugin.ts';
import { projectAddress, STAND_IN_ADDRESS, standInNote } from '../support/project-address.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { readPacked, RULES } from './verified-rules.ts';

const address = projectAddress();
const packed = readPacked(unpackPlugin(scratchFolder(), address ?? STAND_IN_ADDRESS), scratchFolder());
try {
  for (const { rule, faults } of RULES) {
    const found = await faults(packed);
    if (found.length === 0) console.log(`ok     ${rule}`);
    else {
      console.log(`fails  ${rule}: ${found.join('; ')}`);
      process.exitCode = 1;
    }
  }
  if (address === null) console.log(standInNote());
} finally {
  removeScratch();
}
