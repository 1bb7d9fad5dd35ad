/**
 * One lock for some thousand days: bookings, guests at the keypad, strangers who set codes by hand, a bad wire, and outages of the
 * lock and of the host. Records go through JSON each time, as over a restart.
 */
import type { TimeWindow, Unit } from '@staycode/core';
import { findHeld, hearReports } from '../../core/src/programmed-locks/hear.ts';
import { beginOpenings, siftOpenings } from '../../core/src/programmed-locks/openings.ts';
import { pinOf } from '../../core/src/programmed-locks/pin-choice.ts';
import { DEFAULT_SLOT_POLICY, type SlotPolicy } from '../../core/src/programmed-locks/policy.ts';
import { type CodeForLock, planLock } from '../../core/src/programmed-locks/plan.ts';
import {
  isActive,
  type LockView,
  type SlotRecord,
  UNSEEN_LOCK,
} from '../../core/src/programmed-locks/slot-record.ts';
import type { LockReport, MqttMessage } from '../../core/src/programmed-locks/target.ts';
import { Random } from '../support/random.ts';
import type { StandInLock } from '../support/programmed-locks/stand-in-lock.ts';
import { SimRegister } from './sim-register.ts';
import { carry, EventQueue, type WireFaults } from './unreliable-wire.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 0, 1);
const FAULTS: WireFaults = { drop: 0.05, double: 0.05, delay: 0.02 };

export interface LifeOptions {
  readonly seed: number;
  readonly days: number;
  readonly lock: StandInLock;
  readonly units: readonly Unit[];
  /** The most codes that strangers set. */
  readonly strangers: number;
  readonly policy?: SlotPolicy;
}

export interface LifeCounts {
  /** Messages to the lock. */
  commands: number;
  /** Guests who opened, and how many of these the record knows. */
  uses: number;
  verified: number;
  wronglyVerified: number;
  /** Times that the host was told of a failure. */
  failed: number;
}

/** What happened, to be judged. */
export class LockLife {
  readonly register: SimRegister;
  readonly lock: StandInLock;
  readonly hostOutages: TimeWindow[] = [];
  readonly lockOutages: TimeWindow[] = [];
  /** By code: when the host was told that something is wrong, or is so no more. */
  readonly told: Map<string, { atMs: number; isWrong: boolean }[]> = new Map<
    string,
    { atMs: number; isWrong: boolean }[]
  >();
  /** By code: the PINs that its record named. */
  readonly named: Map<string, Set<string>> = new Map<string, Set<string>>();
  readonly handMade: Set<string> = new Set<string>();
  /** Strangers' codes that are not as the stranger left them. */
  readonly overwritten: { readonly slot: number; readonly ageMs: number; readonly atMs: number }[] = [];
  readonly counts: LifeCounts = { commands: 0, uses: 0, verified: 0, wronglyVerified: 0, failed: 0 };
  readonly endMs: number;
  readonly policy: SlotPolicy;
  readonly #options: LifeOptions;
  readonly #random: Random;
  readonly #queue = new EventQueue(START_MS);
  readonly #strangers = new Map<number, { pin: string; atMs: number }>();
  #records: readonly SlotRecord[] = [];
  #view: LockView = UNSEEN_LOCK;
  #openings = beginOpenings(null);
  readonly #verified = new Set<string>();
  /** Reservations whose guest opened. */
  readonly #users = new Set<string>();
  #hostDown = 0;
  #lockDown = 0;
  #timer = 0;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.lock = options.lock;
    this.policy = options.policy ?? DEFAULT_SLOT_POLICY;
    this.register = new SimRegister(options.seed);
    this.#random = new Random(options.seed);
    this.endMs = START_MS + options.days * DAY_MS;
  }

  run(): this {
    for (const unit of this.#options.units) this.#let(unit);
    this.#scheduleOutages(this.hostOutages, (down) => (this.#hostDown += down));
    this.#scheduleOutages(this.lockOutages, (down) => (this.#lockDown += down));
    this.#scheduleStrangers();
    this.#queue.at(START_MS, () => {
      this.#plan();
    });
    this.#queue.runUntil(this.endMs);
    for (const slot of [...this.lock.codes.keys()]) this.lock.remove(slot, this.endMs);
    return this;
  }

  #let(unit: Unit): void {
    const random = this.#random;
    let day = random.whole(0, 2);
    for (let count = 0; day < this.#options.days; count++) {
      const nights = random.whole(1, 7);
      const window = this.#stay(day, nights);
      const id = `${unit.unitId}-${count}`;
      const aheadMs = random.chance(0.1) ? random.whole(-5, 5) * HOUR_MS : random.whole(1, 60 * 24) * HOUR_MS;
      this.#change(window.startsAtMs - aheadMs, (nowMs) => {
        this.register.book(unit, id, window, nowMs);
      });
      this.#guestTypes(id, window);
      day += nights + this.#changeStay(unit, id, day, nights) + random.pick([0, 0, 1, 3]);
    }
  }

  /** Some are cancelled, some change before they come, some stay longer; the nights that are needed for that. */
  #changeStay(unit: Unit, id: string, day: number, nights: number): number {
    const random = this.#random;
    const window = this.#stay(day, nights);
    const fate = random.next();
    if (fate < 0.08) {
      const atMs = window.startsAtMs - random.whole(-30, 72) * HOUR_MS;
      if (atMs >= window.endsAtMs) return 0;
      this.#change(atMs, (nowMs) => {
        this.register.cancel(unit.unitId, id, nowMs);
      });
    } else if (fate < 0.16) {
      // Later by a night, told before arrival or in the house.
      const atMs = window.startsAtMs + random.whole(-72, (nights - 1) * 24 + 12) * HOUR_MS;
      this.#change(atMs, (nowMs) => {
        this.register.book(unit, id, this.#stay(day, nights + 1), nowMs);
      });
      return 1;
    }
    return 0;
  }

  #stay(day: number, nights: number): TimeWindow {
    const startsAtMs = START_MS + day * DAY_MS + 15 * HOUR_MS;
    return { startsAtMs, endsAtMs: START_MS + (day + nights) * DAY_MS + 11 * HOUR_MS };
  }

  /** The register changes while the host runs, or as soon as it does again. */
  #change(atMs: number, change: (nowMs: number) => void): void {
    this.#queue.at(atMs, () => {
      if (this.#hostDown > 0) {
        this.#change(this.#queue.nowMs + 5 * MINUTE_MS, change);
        return;
      }
      change(this.#queue.nowMs);
      this.#plan();
    });
  }

  #guestTypes(reservationId: string, { startsAtMs, endsAtMs }: TimeWindow): void {
    const atMs = startsAtMs + this.#random.whole(5, 180) * MINUTE_MS;
    this.#queue.at(Math.min(atMs, endsAtMs - 1), () => {
      const record = this.#records.find(
        (one) => this.#reservationOf(one.accessCodeId) === reservationId && isActive(one),
      );
      const digits = record && this.register.codes.get(record.pinFrom)?.digits;
      const pin = record && digits && pinOf(digits, record.pinChoice, this.lock.target.pinLimits);
      if (!pin) return;
      const { slot, messages } = this.lock.enter(pin, this.#queue.nowMs);
      if (slot === null || this.#strangers.has(slot)) return;
      this.counts.uses++;
      this.#users.add(reservationId);
      this.#toHost(messages);
    });
  }

  #scheduleOutages(outages: TimeWindow[], add: (down: 1 | -1) => void): void {
    const random = this.#random;
    for (let atMs = START_MS; atMs < this.endMs;) {
      atMs += random.whole(1, 20 * 24) * HOUR_MS + random.whole(0, 59) * MINUTE_MS;
      const lengthMs = random.chance(0.1) ? random.whole(4, 72) * HOUR_MS : random.whole(1, 240) * MINUTE_MS;
      const [from, to] = [atMs, atMs + lengthMs];
      outages.push({ startsAtMs: from, endsAtMs: to });
      this.#queue.at(from, () => {
        add(1);
        // Whatever was in memory is gone.
        if (this.#hostDown > 0) this.#view = UNSEEN_LOCK;
      });
      this.#queue.at(to, () => {
        add(-1);
        this.#plan();
      });
      atMs = to;
    }
  }

  #scheduleStrangers(): void {
    const random = this.#random;
    for (
      let atMs = START_MS + HOUR_MS;
      atMs < this.endMs;
      atMs += random.whole(1, 10 * 24 * 60) * MINUTE_MS
    ) {
      this.#queue.at(atMs, () => {
        const nowMs = this.#queue.nowMs;
        const slots = [...this.#strangers.keys()];
        if (slots.length > 0 && (random.chance(0.4) || slots.length >= this.#options.strangers)) {
          const slot = random.pick(slots);
          this.#strangers.delete(slot);
          this.lock.remove(slot, nowMs);
          return;
        }
        const pin = Array.from({ length: 6 }, () => random.whole(2, 9)).join('');
        const slot = this.#options.strangers > 0 ? this.lock.setByHand(pin, nowMs) : undefined;
        if (slot === undefined) return;
        this.handMade.add(pin);
        this.#strangers.set(slot, { pin, atMs: nowMs });
      });
    }
  }

  #plan(): void {
    if (this.#hostDown > 0) return;
    const nowMs = this.#queue.nowMs;
    const { lock, policy } = this;
    const { target } = lock;
    const before = JSON.parse(JSON.stringify(this.#records)) as SlotRecord[];
    const codes = this.register.forLock(nowMs);
    const plan = planLock({
      ...{ lockId: 'door', target, codes, records: before, view: this.#view, policy, nowMs },
    });
    this.#records = plan.records;
    this.#view = plan.view;
    for (const record of plan.records) this.#note(record, before, codes);
    // Now and then the host dies between writing and sending.
    if (this.#random.chance(0.001)) this.#view = UNSEEN_LOCK;
    else for (const command of plan.commands) this.#toLock(target.write(command));
    const timer = ++this.#timer;
    if (plan.nextAtMs === null) return;
    this.#queue.at(plan.nextAtMs, () => {
      if (timer === this.#timer) this.#plan();
    });
  }

  #note(record: SlotRecord, before: readonly SlotRecord[], codes: readonly CodeForLock[]): void {
    const { accessCodeId, pinFrom, pinChoice } = record;
    const earlier = before.find((one) => one.accessCodeId === accessCodeId);
    const isWrong = record.failure !== null;
    if (isWrong !== ((earlier?.failure ?? null) !== null)) {
      if (isWrong) this.counts.failed++;
      const told = { atMs: this.#queue.nowMs, isWrong };
      this.told.set(accessCodeId, [...(this.told.get(accessCodeId) ?? []), told]);
    }
    const digits = codes.find(({ code }) => code.id === pinFrom)?.digits;
    const pin = digits && record.sent ? pinOf(digits, pinChoice, this.lock.target.pinLimits) : null;
    if (!pin) return;
    const pins = this.named.get(accessCodeId) ?? new Set();
    this.named.set(accessCodeId, pins.add(pin));
  }

  #toLock(messages: readonly MqttMessage[]): void {
    for (const message of messages) {
      this.counts.commands++;
      carry(this.#queue, this.#random, FAULTS, () => {
        if (this.#lockDown > 0) return;
        const answers = this.lock.receive(message, this.#queue.nowMs);
        this.#checkStrangers();
        this.#toHost(answers);
      });
    }
  }

  #toHost(messages: readonly MqttMessage[]): void {
    if (this.#lockDown > 0) return;
    for (const message of messages) {
      carry(this.#queue, this.#random, FAULTS, () => {
        if (this.#hostDown > 0) return;
        const { target } = this.lock;
        const nowMs = this.#queue.nowMs;
        const reports = target.read(message);
        this.#hearOpenings(reports);
        const heard = hearReports({ view: this.#view, records: this.#records }, reports, target, nowMs);
        this.#view = heard.view;
        this.#records = heard.records;
        this.#plan();
      });
    }
  }

  #hearOpenings(reports: readonly LockReport[]): void {
    const { openings, heard } = siftOpenings(this.#openings, reports, this.#queue.nowMs);
    this.#openings = heard;
    for (const { slot } of openings) {
      const id = findHeld(this.#records, slot, this.#view, this.lock.target)?.accessCodeId;
      if (id === undefined || this.#verified.has(id)) continue;
      this.#verified.add(id);
      this.counts.verified++;
      if (!this.#users.has(this.#reservationOf(id) ?? '')) this.counts.wronglyVerified++;
    }
  }

  #checkStrangers(): void {
    const atMs = this.#queue.nowMs;
    for (const [slot, { pin, atMs: madeAtMs }] of this.#strangers) {
      if (this.lock.codes.get(slot)?.pin === pin) continue;
      this.overwritten.push({ slot, ageMs: atMs - madeAtMs, atMs });
      this.#strangers.delete(slot);
    }
  }

  #reservationOf(accessCodeId: string): string | undefined {
    return this.register.codes.get(accessCodeId)?.code.reservationId;
  }
}
