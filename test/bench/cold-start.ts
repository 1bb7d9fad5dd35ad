/** From starting Node-RED to flows that run and an editor that answers: with a home of ours in it, beside the same Node-RED without us. */
import { join } from 'node:path';
import { startNodeRed } from '../support/node-red.ts';
import { scratchFolder } from '../support/scratch.ts';
import type { Comparison } from './measure.ts';

const ROUNDS = 7;
const SITE_KEY = '5c'.repeat(32);
const TAB = { id: 'tab', type: 'tab', label: 'Home' };
const PLAIN = [TAB, { id: 'debug', z: 'tab', type: 'debug', x: 100, y: 100, wires: [] }];
const HOME = [
  ...PLAIN,
  {
    ...{ id: 'site', type: 'stay-site', name: 'Home', zone: 'UTC', checkIn: '15:00', checkOut: '11:00' },
    ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
    ...{ minNights: 1, maxNights: 31 },
  },
  {
    ...{ id: 'unit', type: 'stay-unit', name: 'Flat A', site: 'site', unitId: 'flat-a' },
    ...{ alphabet: 'decimal', keyVersion: 1 },
  },
  { id: 'code', z: 'tab', type: 'stay-code', unit: 'unit', x: 100, y: 200, wires: [['debug'], []] },
];

export function coldStart(): Comparison {
  return {
    name: 'cold start in milliseconds, beside Node-RED without us',
    goal: 1.25,
    rounds: ROUNDS,
    ours: () => timeStart({ flows: HOME, credentials: { site: { siteKey: SITE_KEY } } }),
    // The repo is a workspace, in whose tree Node-RED finds our package; it goes by the folder's name.
    peer: () => timeStart({ flows: PLAIN, settings: { nodesExcludes: ['node-red'] } }),
  };
}

async function timeStart(
  options: Omit<Parameters<typeof startNodeRed>[0], 'userDir' | 'version'>,
): Promise<number> {
  const userDir = join(scratchFolder(), 'user');
  const startedMs = performance.now();
  const node = await startNodeRed({ ...options, userDir });
  const tookMs = performance.now() - startedMs;
  const answer = await fetch(`${node.url}/nodes`, { headers: { accept: 'application/json' } });
  const isOurs = (await answer.text()).includes('"stay-code"');
  await node.stop();
  if (isOurs !== 'credentials' in options) throw new Error('expected our nodes on one side only');
  return tookMs;
}
