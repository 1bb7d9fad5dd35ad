/**
 * `npm run scorecard`: the flow library's scorecard of the packed Node-RED package, a line a check. Ends with 1 where one is not
 * green that is not known to be open.
 */
import { unpackNodes } from '../../support/packed-nodes.ts';
import { projectAddress, STAND_IN_ADDRESS, standInNote } from '../../support/project-address.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { readScorecard } from './scorecard.ts';

const address = projectAddress();
try {
  const home = unpackNodes(scratchFolder(), address ?? STAND_IN_ADDRESS);
  for (const { id, what, state, note } of readScorecard(home, scratchFolder())) {
    console.log(`${state.padEnd(7)} ${id} ${what}${note === '' ? '' : `: ${note}`}`);
    if (state === 'red') process.exitCode = 1;
  }
  if (address === null) console.log(standInNote());
} finally {
  removeScratch();
}
