/**
 * Some days of ordinary locks through a real Node-RED, a real broker and the API, by a fast clock: bookings, changes, guests at the
 * keypad, a bad wire, locks that are out, and Node-RED killed and away. It ends as records that the judge of simulated days can read.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveLockKey, deriveLogKey, digitsOfCode, verifyLog } from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import { pinOf } from '../../../core/src/programmed-locks/pin-choice.ts';
import type { CodeForLock } from '../../../core/src/programmed-locks/plan.ts';
import { DEFAULT_SLOT_POLICY } from '../../../core/src/programmed-locks/policy.ts';
import type { SlotRecord } from '../../../core/src/programmed-locks/slot-record.ts';
import { seamAt, SITE_KEY } from '../../node-red-nodes/stay-api/api-flow.ts';
import { type SampleHome, startSampleHome } from '../../node-red-nodes/sample-home.ts';
import { type Broker, startBroker } from '../../support/broker.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { NukiLock } from '../../support/programmed-locks/nuki-lock.ts';
import { ZigbeeLock } from '../../support/programmed-locks/zigbee-lock.ts';
import { ZwaveLock } from '../../support/programmed-locks/zwave-lock.ts';
import { Random } from '../../support/random.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import type { LifeRecord } from '../judge-life.ts';
import { planStays, type StayPlan } from './plan-stays.ts';
import { type FastStart, fastTimeAt, realWait } from './fast-time.ts';
import { type FastWire, openFastWire } from './fast-wire.ts';
import { credentialsOfFlow, type Door, flowOf } from './flow.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 11, 1, 13);
const FAULTS = { drop: 0.05, double: 0.05, delay: 0.02 };
/** Behind each lock. */
const FLATS = 4;
const LOOK_MS = 150;
/** Five beats missed. */
const PAUSE_MS = 1_000;
const siteKey = Buffer.from(SITE_KEY, 'hex');

export interface FastLife {
  readonly lives: readonly LifeRecord[];
  /** What is wrong with the logs of openings. */
  readonly faults: readonly string[];
  readonly openings: number;
  readonly kills: number;
  /** How often the machine had no time for Node-RED, which is judged as an outage. */
  readonly pauses: number;
}

type Life = LifeRecord & { readonly door: Door };

export class FastHome {
  readonly #random: Random;
  readonly #seed: number;
  readonly #endMs: number;
  readonly #start: FastStart = { realMs: Date.now(), atMs: START_MS };
  readonly #userDir = scratchFolder();
  readonly #lives: readonly Life[];
  readonly #hostOutages: { startsAtMs: number; endsAtMs: number }[] = [];
  readonly #ids = new Map<string, string>();
  readonly #users = new Set<string>();
  readonly #lockOut = new Map<Door, number>();
  readonly #failed = new Map<string, boolean>();
  #home: SampleHome | null = null;
  #broker: Broker | null = null;
  #wire: FastWire | null = null;
  #node: RunningNodeRed | null = null;
  #store: AccessCodeStore | null = null;
  #changing: Promise<void> = Promise.resolve();
  #kills = 0;
  #beatAtMs = Date.now();
  #pauses = 0;

  constructor({ seed, days }: { readonly seed: number; readonly days: number }) {
    this.#seed = seed;
    this.#random = new Random(seed);
    this.#endMs = START_MS + days * DAY_MS;
    this.#lives = doorsOf(seed).map((door) => newLife(door, this.#hostOutages, this.#endMs));
  }

  async run(): Promise<FastLife> {
    try {
      await this.#open();
      const random = this.#random;
      for (const life of this.#lives) {
        for (const unitId of life.door.unitIds)
          planStays({ unitId, random, fromMs: START_MS, toMs: this.#endMs }).forEach((plan) => {
            this.#live(life, plan);
          });
      }
      this.#planOutages();
      const looking = setInterval(() => {
        this.#look();
      }, LOOK_MS);
      await new Promise<void>((resolve) => {
        this.#at(this.#endMs, resolve);
      });
      clearInterval(looking);
      await this.#changing;
      this.#look();
      return this.#finish();
    } finally {
      await this.#node?.stop('SIGKILL');
      await this.#wire?.close();
      await this.#broker?.stop();
      await this.#home?.close();
      this.#store?.close();
      removeScratch();
    }
  }

  get #nowMs(): number {
    return fastTimeAt(this.#start, Date.now());
  }

  async #open(): Promise<void> {
    this.#home = await startSampleHome();
    this.#broker = await startBroker();
    this.#wire = await openFastWire({
      ...{ url: this.#broker.url, doors: this.#lives.map(({ door }) => door), random: this.#random },
      ...{ faults: FAULTS, nowMs: () => this.#nowMs },
      after: (ms, work) => {
        this.#at(this.#nowMs + ms, work);
      },
      isOut: (door) => (this.#lockOut.get(door) ?? 0) > 0,
      beat: () => {
        this.#beat();
      },
      received: (door) => {
        this.#checkStrangers(door);
      },
    });
    for (const { door, handMade } of this.#lives) {
      door.lock.setByHand('777777', START_MS);
      handMade.add('777777');
    }
    const flows = flowOf(
      this.#lives.map(({ door }) => door),
      this.#broker.port,
      `${this.#home.url}/door`,
    );
    await this.#startNode({ flows, credentials: credentialsOfFlow() });
    this.#hostOutages.push({ startsAtMs: START_MS, endsAtMs: this.#nowMs });
    this.#store = openAccessCodeStore(join(this.#userDir, 'staycode/register.sqlite'));
  }

  async #startNode(first: object = {}): Promise<void> {
    const clock = join(import.meta.dirname, 'fast-clock.ts');
    const env = { NODE_OPTIONS: `--import=${clock}`, STAYCODE_FAST: JSON.stringify(this.#start) };
    this.#node = await startNodeRed({ userDir: this.#userDir, env, ...first });
    this.#beatAtMs = Date.now();
  }

  /** At a moment of the fast clock; not at all once the run is over. */
  #at(atMs: number, work: () => void): void {
    const nowMs = this.#nowMs;
    if (atMs <= this.#endMs) setTimeout(work, Math.max(0, realWait(nowMs, atMs - nowMs)));
  }

  #live(life: Life, plan: StayPlan): void {
    const { name, unitId, changes, typesAtMs } = plan;
    for (const { atMs, window } of changes) {
      this.#at(atMs, () => {
        this.#changing = this.#changing.then(() => this.#change(unitId, name, window));
      });
    }
    this.#at(typesAtMs, () => {
      this.#type(life, plan);
    });
  }

  /** Says it to the API until it took it, as a platform does. */
  async #change(unitId: string, name: string, window: StayPlan['changes'][number]['window']): Promise<void> {
    while (this.#nowMs < this.#endMs) {
      try {
        await this.#say(unitId, name, window);
        return;
      } catch (error) {
        const { code } = error as { code?: string };
        // Of a stay that is over nothing is changed any more.
        if (code === 'access_code_not_found' || code === 'invalid_input' || code === 'access_code_conflict')
          return;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  async #say(unitId: string, name: string, window: StayPlan['changes'][number]['window']): Promise<void> {
    const { accessCodes } = seamAt(this.#node?.url ?? '');
    const made =
      this.#ids.get(name) ??
      (await accessCodes.list({ device_id: unitId })).find((one) => one.name === name)?.access_code_id;
    if (made !== undefined) this.#ids.set(name, made);
    if (window === null) {
      if (made !== undefined) await accessCodes.delete({ access_code_id: made });
      return;
    }
    const times = { starts_at: toIso(window.startsAtMs), ends_at: toIso(window.endsAtMs) };
    if (made !== undefined) await accessCodes.update({ access_code_id: made, ...times });
    else
      this.#ids.set(name, (await accessCodes.create({ device_id: unitId, name, ...times })).access_code_id);
  }

  /** The guest types the PIN that the record of the stay's code names. */
  #type({ door, counts }: Life, { name, unitId }: StayPlan): void {
    const codes = this.#codesOf(door);
    const stays = this.#store?.readUnit(unitId).stays ?? [];
    const stayId = stays.find(({ stay }) => stay.guestName === name)?.stay.id;
    const record = this.#records(door).find(({ accessCodeId, clearedAtMs }) => {
      return clearedAtMs === null && codes.get(accessCodeId)?.code.reservationId === stayId;
    });
    const digits = record && codes.get(record.pinFrom)?.digits;
    const pin = record && digits && pinOf(digits, record.pinChoice, door.lock.target.pinLimits);
    if (!pin) return;
    const { slot, messages } = door.lock.enter(pin, this.#nowMs);
    if (slot === null) return;
    counts.uses++;
    this.#users.add(codes.get(record.accessCodeId)?.code.reservationId ?? '');
    this.#wire?.say(door, messages);
  }

  #planOutages(): void {
    const random = this.#random;
    for (let dayMs = START_MS; dayMs < this.#endMs; dayMs += DAY_MS) {
      // Between eleven and half past four.
      const between = (): number => dayMs + random.whole(-120, 200) * MINUTE_MS;
      for (const { door, lockOutages } of this.#lives) {
        const startsAtMs = Math.max(START_MS, between());
        const outage = { startsAtMs, endsAtMs: startsAtMs + random.whole(5, 90) * MINUTE_MS };
        (lockOutages as object[]).push(outage);
        this.#at(outage.startsAtMs, () => this.#lockOut.set(door, (this.#lockOut.get(door) ?? 0) + 1));
        this.#at(outage.endsAtMs, () => this.#lockOut.set(door, (this.#lockOut.get(door) ?? 0) - 1));
      }
      const killAtMs = Math.max(START_MS + 30 * MINUTE_MS, between());
      const awayMs = random.whole(0, 45) * MINUTE_MS;
      this.#at(killAtMs, () => void this.#kill(awayMs));
    }
  }

  async #kill(awayMs: number): Promise<void> {
    const node = this.#node;
    if (node === null) return;
    this.#kills++;
    const outage = { startsAtMs: this.#nowMs, endsAtMs: this.#endMs };
    this.#hostOutages.push(outage);
    this.#node = null;
    await node.stop('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, realWait(this.#nowMs, awayMs)));
    await this.#startNode();
    outage.endsAtMs = this.#nowMs;
  }

  #beat(): void {
    const realMs = Date.now();
    if (realMs - this.#beatAtMs > PAUSE_MS && this.#node !== null) {
      this.#pauses++;
      const startsAtMs = fastTimeAt(this.#start, this.#beatAtMs);
      this.#hostOutages.push({ startsAtMs, endsAtMs: this.#nowMs });
    }
    this.#beatAtMs = realMs;
  }

  /** What the register says by now: which PINs it named, and what the host was told. */
  #look(): void {
    for (const life of this.#lives) {
      const codes = this.#codesOf(life.door);
      for (const record of this.#records(life.door)) this.#note(life, record, codes);
    }
  }

  #note(
    { door, named, told, counts }: Life,
    record: SlotRecord,
    codes: ReadonlyMap<string, CodeForLock>,
  ): void {
    const { accessCodeId, pinFrom, pinChoice, failure, sent } = record;
    const isWrong = failure !== null;
    const key = `${door.lockId} ${accessCodeId}`;
    if (isWrong !== (this.#failed.get(key) ?? false)) {
      this.#failed.set(key, isWrong);
      if (isWrong) counts.failed++;
      const atMs = failure?.atMs ?? this.#nowMs;
      told.set(accessCodeId, [...(told.get(accessCodeId) ?? []), { atMs, isWrong }]);
    }
    const digits = codes.get(pinFrom)?.digits;
    if (digits === undefined || sent === null) return;
    const pins = named.get(accessCodeId) ?? new Set<string>();
    // Between two looks it may have been another one.
    for (let choice = 0; choice <= pinChoice; choice++) {
      const pin = pinOf(digits, choice, door.lock.target.pinLimits);
      if (pin !== null) pins.add(pin);
    }
    named.set(accessCodeId, pins);
  }

  #checkStrangers(door: Door): void {
    const life = this.#lives.find((one) => one.door === door);
    const has = [...door.lock.codes.values()].some(({ pin }) => pin === '777777');
    if (life && !has && life.overwritten.length === 0)
      (life.overwritten as object[]).push({ slot: -1, ageMs: this.#nowMs - START_MS, atMs: this.#nowMs });
  }

  #records({ lockId }: Door): SlotRecord[] {
    return this.#store?.slots.readLock(lockId) ?? [];
  }

  #codesOf({ unitIds }: Door): Map<string, CodeForLock> {
    const codes = unitIds.flatMap((unitId) => this.#store?.readUnit(unitId).codes ?? []);
    return new Map(codes.map((code) => [code.id, { code, digits: digitsOfCode(siteKey, code) }]));
  }

  #finish(): FastLife {
    const faults: string[] = [];
    let openings = 0;
    const seqsTold = this.#toldSeqs();
    for (const { door, register, counts } of this.#lives) {
      for (const slot of [...door.lock.codes.keys()]) door.lock.remove(slot, this.#endMs);
      for (const [id, one] of this.#codesOf(door)) {
        const { code } = one;
        register.codes.set(id, one);
        register.inForce.set(id, [{ startsAtMs: code.issuedAtMs, endsAtMs: code.withdrawnAtMs ?? Infinity }]);
        if (this.#store?.uses.firstUsedAtMs(code) == null) continue;
        counts.verified++;
        if (!this.#users.has(code.reservationId)) counts.wronglyVerified++;
      }
      openings += this.#checkLog(door, seqsTold.get(door.lockId) ?? new Map(), faults);
    }
    return { lives: this.#lives, faults, openings, kills: this.#kills, pauses: this.#pauses };
  }

  /** By lock and entry: of each copy that the flow was told, whether it was marked. */
  #toldSeqs(): Map<string, Map<number, boolean[]>> {
    const told = new Map<string, Map<number, boolean[]>>();
    for (const { msg } of this.#home?.received ?? []) {
      const { lockId, seq } = msg.payload as { lockId: string; seq: number };
      const ofLock = told.get(lockId) ?? new Map<number, boolean[]>();
      told.set(lockId, ofLock.set(seq, [...(ofLock.get(seq) ?? []), msg.mayBeDuplicate]));
    }
    return told;
  }

  /** Whole, signed, each opening in it told, and told again only with a mark. */
  #checkLog({ lockId }: Door, told: ReadonlyMap<number, boolean[]>, faults: string[]): number {
    const text = readFileSync(join(this.#userDir, 'staycode/heard', lockId, 'journal.jsonl'), 'utf8');
    const check = verifyLog(text, { lockId, logKey: deriveLogKey(deriveLockKey(siteKey, lockId, 1)) });
    if (!check.ok) faults.push(`seed ${this.#seed} ${lockId}: the log is ${check.reason}`);
    const heard = text.split('\n').filter((line) => line.includes('"type":"heard"'));
    const seqs = new Set(heard.map((line) => Number(/"seq":(\d+)/u.exec(line)?.[1])));
    for (const seq of seqs)
      if (!told.has(seq)) faults.push(`seed ${this.#seed} ${lockId}: entry ${seq} untold`);
    for (const [seq, copies] of told) {
      if (!seqs.has(seq)) faults.push(`seed ${this.#seed} ${lockId}: entry ${seq} told and not in the log`);
      if (copies.filter((isMarked) => !isMarked).length > 1)
        faults.push(`seed ${this.#seed} ${lockId}: entry ${seq} told twice without a mark`);
    }
    return seqs.size;
  }
}

function newLife(door: Door, hostOutages: LifeRecord['hostOutages'], endMs: number): Life {
  return {
    ...{ door, lock: door.lock, hostOutages, lockOutages: [], endMs, policy: DEFAULT_SLOT_POLICY },
    ...{ told: new Map(), named: new Map(), handMade: new Set(), overwritten: [] },
    register: { codes: new Map(), inForce: new Map() },
    counts: { commands: 0, uses: 0, verified: 0, wronglyVerified: 0, failed: 0 },
  };
}

function doorsOf(seed: number): Door[] {
  const hasSchedules = seed % 2 === 0;
  const exposesPins = seed % 4 < 2;
  // A place more than there are flats, and a stranger's.
  const count = FLATS + 2;
  const unitIds = (door: string): string[] => Array.from({ length: FLATS }, (_, at) => `${door}-${at}`);
  return [
    {
      ...{ lockId: 'nuki', topic: 'nukihub/', lock: new NukiLock({ count }), unitIds: unitIds('n') },
      settings: { target: 'nuki-hub', topic: 'nukihub/lock', slotCount: count },
    },
    {
      ...{ lockId: 'zwave', topic: 'zwave/', unitIds: unitIds('w') },
      lock: new ZwaveLock({ count, hasSchedules, hidesPins: false }),
      settings: {
        ...{ target: 'zwave-js-ui', topic: 'zwave/_CLIENTS/ZWAVE_GATEWAY-home', zwaveNode: '7' },
        ...{ hasSchedules, firstSlot: '1', slotCount: count },
      },
    },
    {
      ...{ lockId: 'zigbee', topic: 'zigbee2mqtt/Front door', unitIds: unitIds('z') },
      lock: new ZigbeeLock({ count, exposesPins }),
      settings: { target: 'zigbee2mqtt', topic: 'zigbee2mqtt/Front door', firstSlot: 0, slotCount: count },
    },
  ];
}

const toIso = (atMs: number): string => new Date(atMs).toISOString();
