/** A lock behind Z-Wave JS UI, as far as user codes and yearly schedules go. Its clock is in UTC. */
import * as v from 'valibot';
import type { LockTarget, MqttMessage } from '../../../core/src/programmed-locks/target.ts';
import { zwaveJsUiLock } from '../../../core/src/programmed-locks/targets/zwave-js-ui.ts';
import type { TimeWindow } from '../../../core/src/stay-code/collision.ts';
import { StandInLock } from './stand-in-lock.ts';

const GATEWAY = 'zwave/_CLIENTS/ZWAVE_GATEWAY-home';
const NODE = 7;
const requestSchema = v.object({ args: v.array(v.unknown()) });
const commandSchema = v.strictTuple([
  v.strictObject({ nodeId: v.literal(NODE), endpoint: v.literal(0), commandClass: v.picklist([78, 99]) }),
  v.string(),
  v.array(v.unknown()),
]);
const year = v.pipe(v.number(), v.integer(), v.minValue(26), v.maxValue(99));
const month = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12));
const day = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31));
const hour = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23));
const minute = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(59));
const scheduleSchema = v.strictObject({
  ...{ userId: v.number(), slotId: v.literal(1) },
  ...{ startYear: year, startMonth: month, startDay: day, startHour: hour, startMinute: minute },
  ...{ stopYear: year, stopMonth: month, stopDay: day, stopHour: hour, stopMinute: minute },
});
type Schedule = v.InferOutput<typeof scheduleSchema>;

export class ZwaveLock extends StandInLock {
  readonly target: LockTarget;
  readonly #count: number;
  readonly #hidesPins: boolean;
  readonly #schedules = new Map<number, Schedule>();

  constructor({
    count,
    hasSchedules,
    hidesPins,
  }: {
    count: number;
    hasSchedules: boolean;
    hidesPins: boolean;
  }) {
    super();
    this.#count = count;
    this.#hidesPins = hidesPins;
    const slots = { first: 1, count };
    this.target = zwaveJsUiLock({
      ...{ gateway: GATEWAY, nodeId: NODE, slots },
      scheduleZone: hasSchedules ? 'UTC' : null,
    });
  }

  receive({ topic, payload }: MqttMessage, nowMs: number): MqttMessage[] {
    const request = v.parse(requestSchema, JSON.parse(payload));
    if (topic === `${GATEWAY}/api/setSchedule/set`) return this.#setSchedule(request.args, nowMs);
    if (topic !== `${GATEWAY}/api/sendCommand/set`) return this.complain(`topic ${topic}`);
    const parsed = v.safeParse(commandSchema, request.args);
    if (!parsed.success) return this.complain(`sendCommand ${v.summarize(parsed.issues)}`);
    const [{ commandClass }, method, args] = parsed.output;
    const outcome =
      commandClass === 99 ? this.#userCode(method, args, nowMs) : this.#schedule(method, args, nowMs);
    if (outcome === 'complained') return [];
    const { result, notification } = outcome;
    const answer = {
      success: true,
      message: 'Success zwave api call',
      result,
      origin: request,
      args: request.args,
    };
    const messages = [{ topic: `${GATEWAY}/api/sendCommand`, payload: JSON.stringify(answer) }];
    return notification === undefined
      ? messages
      : [...messages, this.#notify(notification.event, notification.userId)];
  }

  protected override event(slot: number): MqttMessage[] {
    return [this.#notify(6, slot)];
  }

  protected override freeSlot(): number | undefined {
    return Array.from({ length: this.#count }, (_, at) => at + 1).find((slot) => !this.codes.has(slot));
  }

  #userCode(method: string, args: unknown[], nowMs: number): Outcome {
    const [userId, status, pin] = args;
    if (typeof userId !== 'number' || userId < 1 || userId > this.#count)
      return this.#refuse(`user ${String(userId)}`);
    switch (method) {
      case 'get': {
        const code = this.codes.get(userId);
        if (!code) return { result: { userIdStatus: 0, userCode: '' } };
        return {
          result: { userIdStatus: 1, userCode: this.#hidesPins ? '*'.repeat(code.pin.length) : code.pin },
        };
      }
      case 'clear':
        this.remove(userId, nowMs);
        return { result: { status: 255 } };
      case 'set':
        if (status !== 1 || typeof pin !== 'string' || !/^\d{4,10}$/u.test(pin)) return this.#refuse('set');
        if (this.isTaken(pin, userId))
          return { result: { status: 255 }, notification: { event: 15, userId } };
        this.store(userId, { pin, label: '', window: this.#windowOf(userId) }, nowMs);
        return { result: { status: 255 } };
      default:
        return this.#refuse(`method ${method}`);
    }
  }

  #schedule(method: string, [slot, ...rest]: unknown[], nowMs: number): Outcome {
    const parsed = v.safeParse(v.strictObject({ userId: v.number(), slotId: v.literal(1) }), slot);
    if (!parsed.success || rest.length > 0) return this.#refuse(`schedule ${method}`);
    const { userId } = parsed.output;
    if (method === 'getYearDaySchedule') {
      const {
        userId: _user,
        slotId: _slot,
        ...schedule
      } = this.#schedules.get(userId) ?? { userId: 0, slotId: 1 };
      return { result: this.#schedules.has(userId) ? schedule : undefined };
    }
    if (method !== 'setYearDaySchedule') return this.#refuse(`schedule ${method}`);
    this.#schedules.delete(userId);
    this.#restore(userId, nowMs);
    return { result: { status: 255 } };
  }

  #setSchedule([node, type, schedule]: unknown[], nowMs: number): MqttMessage[] {
    const parsed = v.safeParse(scheduleSchema, schedule);
    if (node !== NODE || type !== 'yearly' || !parsed.success) return this.complain('setSchedule');
    this.#schedules.set(parsed.output.userId, parsed.output);
    this.#restore(parsed.output.userId, nowMs);
    return [];
  }

  /** A schedule that changes under a code changes when it opens. */
  #restore(userId: number, nowMs: number): void {
    const code = this.codes.get(userId);
    if (code) this.store(userId, { ...code, window: this.#windowOf(userId) }, nowMs);
  }

  #windowOf(userId: number): TimeWindow | null {
    const at = this.#schedules.get(userId);
    if (!at) return null;
    return {
      startsAtMs: Date.UTC(2000 + at.startYear, at.startMonth - 1, at.startDay, at.startHour, at.startMinute),
      endsAtMs: Date.UTC(2000 + at.stopYear, at.stopMonth - 1, at.stopDay, at.stopHour, at.stopMinute),
    };
  }

  #notify(event: number, userId: number): MqttMessage {
    const data = [
      { id: NODE, name: 'Door' },
      113,
      { type: 6, event, label: 'Access Control', parameters: { userId } },
    ];
    return {
      topic: 'zwave/_EVENTS/ZWAVE_GATEWAY-home/node/node_notification',
      payload: JSON.stringify({ data }),
    };
  }

  #refuse(what: string): 'complained' {
    this.complain(what);
    return 'complained';
  }
}

type Outcome = 'complained' | { result: unknown; notification?: { event: number; userId: number } };
