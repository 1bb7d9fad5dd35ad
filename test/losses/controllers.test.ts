import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbedded } from '../support/brokers/embedded.ts';
import type { RealBroker } from '../support/brokers/real-broker.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { type Party, startParty } from './party.ts';
import { type HostPlan, KEEPER, type LockPlan, type Report } from './plan.ts';
import { hostProgram, lockProgram, until } from './run.ts';
import { atHome, judgeFiles, type RunFolders } from './verdict.ts';

const lockId = 'shared';
const OTHER = 'other';
const ACTS = 60;
const COMMANDS = 8;

describe('two controllers at one lock, of which one keeps its log', function () {
  this.timeout(120_000);
  let broker: RealBroker;
  let folder: string;
  const parties: Party[] = [];
  const made = { count: 0 };
  const outcomes = new Map<string, string[]>();
  const done = new Set<string>();

  before(async () => {
    broker = await startEmbedded();
  });
  after(async () => {
    await broker.stop();
  });
  beforeEach(() => {
    folder = scratchFolder();
    made.count = 0;
    outcomes.clear();
    done.clear();
  });
  afterEach(async () => {
    await Promise.all(parties.splice(0).map((party) => party.end()));
    removeScratch();
  });

  async function open(
    name: string,
    program: string,
    planOf: (url: string, own: string) => object,
  ): Promise<Party> {
    const own = join(folder, name);
    mkdirSync(own);
    const take = (report: Report): void => {
      if ('made' in report) made.count += report.made;
      else if ('command' in report) outcomes.set(name, [...(outcomes.get(name) ?? []), report.command]);
      else if ('commandsDone' in report || 'actsDone' in report) done.add(name);
    };
    const party = await startParty(program, broker.urls[0] ?? '', (url) => planOf(url, own), take);
    parties.push(party);
    return party;
  }
  const openHost = (controllerId: string, commands = COMMANDS): Promise<Party> =>
    open(controllerId, hostProgram, (url, own): HostPlan => {
      done.delete(controllerId);
      return { url, folder: own, lockId, controllerId, commands, seed: 1, syncs: true };
    });

  const openLock = (): Promise<Party> =>
    open('lock', lockProgram, (url, own): LockPlan => {
      return { url, folder: own, lockId, acts: ACTS, seed: 2 };
    });
  const foldersOf = (host: string): RunFolders => ({ lock: join(folder, 'lock'), host: join(folder, host) });

  const cases = [
    { killed: KEEPER, survivor: OTHER, title: 'the other one while the keeper is killed' },
    { killed: OTHER, survivor: KEEPER, title: 'the keeper while the other one is killed' },
  ];
  for (const { killed, survivor, title } of cases) {
    it(`refuses no command of ${title}, and trims nothing that the keeper lacks`, async () => {
      const hosts = new Map([
        [KEEPER, await openHost(KEEPER)],
        [OTHER, await openHost(OTHER)],
      ]);
      await openLock();
      const folders = foldersOf(KEEPER);
      for (const moment of [10, 30]) {
        await until(() => made.count >= moment);
        await hosts.get(killed)?.killAndRestart();
      }
      await until(() => {
        const { all, trimmedTooFar } = atHome(folders);
        assert(!trimmedTooFar);
        return all && done.size === 3;
      });
      await Promise.all(parties.splice(0).map((party) => party.end()));
      assert.deepEqual(outcomes.get(survivor), Array<string>(COMMANDS).fill('ok'));
      const told = [...outcomes.values()].flat();
      const { entries, ...verdict } = judgeFiles(lockId, folders, told.length);
      assert.deepEqual(verdict, { lost: 0, actedTwice: 0, fault: null });
      assert(entries > ACTS);
    });
  }

  it('forgets nothing on the word of the other one, who asked for all of it while the keeper was away', async () => {
    await openLock();
    await until(() => made.count === ACTS);
    await openHost(OTHER, 0);
    await until(() => done.has(OTHER) && atHome(foldersOf(OTHER)).all);
    await openHost(KEEPER);
    await until(() => done.has(KEEPER) && atHome(foldersOf(KEEPER)).all);
    await Promise.all(parties.splice(0).map((party) => party.end()));
    assert.equal(judgeFiles(lockId, foldersOf(KEEPER), COMMANDS).lost, 0);
  });
});
