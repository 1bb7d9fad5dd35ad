/**
 * Locks behind Z-Wave JS UI: User Code CC (99) over its MQTT API, a user id a slot; windows by Schedule Entry Lock CC (78), where
 * the lock has it. The gateway sends a request back with its answer, which says what the answer is to.
 * Source: Z-Wave JS UI, "Using MQTT"; Z-Wave JS, "User Code CC", "Schedule Entry Lock CC", "Notification CC".
 * @module
 */
import * as v from 'valibot';
import type { TimeWindow } from '../../stay-code/collision.ts';
import { parseJson } from '../json.ts';
import type { LockCommand, LockReport, LockTarget, MqttMessage } from '../target.ts';
import { fromWallTime, toWallTime } from '../wall-clock.ts';

export interface ZwaveJsUiOptions {
  /** Topic of the gateway's client, such as `zwave/_CLIENTS/ZWAVE_GATEWAY-home`. */
  readonly gateway: string;
  readonly nodeId: number;
  /** User ids that Staycode may use, counted from 1. */
  readonly slots: { readonly first: number; readonly count: number };
  /** The IANA zone of the lock's clock, where it keeps schedules; `null` where it keeps none. */
  readonly scheduleZone: string | null;
  /** Where the lock takes fewer lengths than 4 to 10. */
  readonly pinDigits?: { readonly min: number; readonly max: number };
}

const USER_CODE = 99;
const SCHEDULE_ENTRY_LOCK = 78;
const ACCESS_CONTROL = 6;
/** Notification CC, access control: the events that name a user code. */
const KEYPAD_UNLOCK = 6;
const NOT_ADDED_DUPLICATE = 15;
/** The one schedule of a user that is ours. */
const SCHEDULE_SLOT = 1;

const whole = v.pipe(v.number(), v.integer());
const userCodeSchema = v.object({ userIdStatus: whole, userCode: v.optional(v.unknown()) });
const scheduleSchema = v.object({
  ...{ startYear: whole, startMonth: whole, startDay: whole, startHour: whole, startMinute: whole },
  ...{ stopYear: whole, stopMonth: whole, stopDay: whole, stopHour: whole, stopMinute: whole },
});
const answerSchema = v.object({
  success: v.boolean(),
  message: v.optional(v.string(), ''),
  result: v.optional(v.unknown()),
  origin: v.object({
    args: v.tuple([
      v.object({ nodeId: whole, commandClass: whole }),
      v.string(),
      v.pipe(v.array(v.unknown()), v.minLength(1)),
    ]),
  }),
});
const scheduleAnswerSchema = v.object({
  ...{ success: v.boolean(), message: v.optional(v.string(), '') },
  origin: v.object({ args: v.tuple([whole, v.string(), v.object({ userId: whole })]) }),
});
const notificationSchema = v.object({
  data: v.tuple([
    v.object({ id: whole }),
    v.unknown(),
    v.object({ type: whole, event: whole, parameters: v.object({ userId: whole }) }),
  ]),
});

/** A lock behind Z-Wave JS UI. */
export function zwaveJsUiLock(options: ZwaveJsUiOptions): LockTarget {
  const { gateway, slots, scheduleZone, pinDigits } = options;
  const { min, max } = pinDigits ?? { min: 4, max: 10 };
  const answers = `${gateway}/api/sendCommand`;
  const scheduleAnswers = `${gateway}/api/setSchedule`;
  const notifications = `${gateway.replace('/_CLIENTS/', '/_EVENTS/')}/node/node_notification`;
  return {
    pinLimits: { minDigits: min, maxDigits: max, symbols: '0123456789', refusedStarts: [] },
    slots: { chosenBy: 'host', ...slots },
    keepsWindow: scheduleZone === null ? 'no' : 'apart',
    isAnswerNew: true,
    topics: [answers, scheduleAnswers, notifications],
    write: (command) => writeCommand(command, options),
    read: ({ topic, payload, isRetained }) => {
      // What the broker kept may be older than what we sent since.
      if (isRetained) return [];
      if (topic === answers) return readAnswer(payload, options);
      if (topic === scheduleAnswers) return readScheduleAnswer(payload, options);
      return topic === notifications ? readNotification(payload, options) : [];
    },
  };
}

function writeCommand(command: LockCommand, options: ZwaveJsUiOptions): MqttMessage[] {
  const { slot: userId } = command;
  const { gateway, nodeId, scheduleZone: zone } = options;
  const ofSchedule = { userId, slotId: SCHEDULE_SLOT };
  const api = (name: string, args: unknown[]): MqttMessage => ({
    topic: `${gateway}/api/${name}/set`,
    payload: JSON.stringify({ args }),
  });
  const send = (commandClass: number, method: string, args: unknown[]): MqttMessage =>
    api('sendCommand', [{ nodeId, endpoint: 0, commandClass }, method, args]);
  switch (command.do) {
    case 'set':
      return [send(USER_CODE, 'set', [userId, 1, command.pin])];
    case 'clear':
      return [send(USER_CODE, 'clear', [userId])];
    case 'read': {
      const code = send(USER_CODE, 'get', [userId]);
      return zone === null ? [code] : [send(SCHEDULE_ENTRY_LOCK, 'getYearDaySchedule', [ofSchedule]), code];
    }
    case 'set-window': {
      const schedule = { ...ofSchedule, ...toSchedule(command.window, zone ?? 'UTC') };
      return [api('setSchedule', [nodeId, 'yearly', schedule])];
    }
    case 'clear-window':
      return [send(SCHEDULE_ENTRY_LOCK, 'setYearDaySchedule', [ofSchedule])];
  }
}

function readAnswer(payload: string, { nodeId, scheduleZone }: ZwaveJsUiOptions): LockReport[] {
  const answer = parseJson(payload, answerSchema);
  if (answer?.origin.args[0].nodeId !== nodeId) return [];
  const [{ commandClass }, method, [first]] = answer.origin.args;
  const slot = typeof first === 'number' ? first : (first as { userId?: unknown } | null)?.userId;
  if (typeof slot !== 'number') return [];
  const { success, message, result } = answer;
  if (!success) return method.startsWith('get') ? [] : [refusal(slot, message)];
  if (commandClass === USER_CODE && method === 'get') return readUserCode(slot, result);
  if (method === 'getYearDaySchedule' && scheduleZone !== null) {
    return [{ report: 'window', slot, window: fromSchedule(result, scheduleZone) }];
  }
  return [];
}

function readScheduleAnswer(payload: string, { nodeId }: ZwaveJsUiOptions): LockReport[] {
  const answer = parseJson(payload, scheduleAnswerSchema);
  if (!answer || answer.success) return [];
  const [node, , { userId }] = answer.origin.args;
  return node === nodeId ? [refusal(userId, answer.message)] : [];
}

/** Errors of drivers quote what they were given. */
function refusal(slot: number, message: string): LockReport {
  return {
    ...{ report: 'refused', slot, isTaken: false },
    message: message.replace(/\d{4,}/gu, '…').slice(0, 120),
  };
}

function readUserCode(slot: number, result: unknown): LockReport[] {
  const parsed = v.safeParse(userCodeSchema, result);
  if (!parsed.success) return [];
  const { userIdStatus, userCode } = parsed.output;
  if (userIdStatus === 0) return [{ report: 'slot', slot, entry: null }];
  // Some locks answer with asterisks.
  const pin = typeof userCode === 'string' && /^\d+$/u.test(userCode) ? userCode : null;
  return [{ report: 'slot', slot, entry: { pin, label: null, window: null } }];
}

function readNotification(payload: string, { nodeId }: ZwaveJsUiOptions): LockReport[] {
  const notification = parseJson(payload, notificationSchema);
  if (notification?.data[0].id !== nodeId) return [];
  const { type, event, parameters } = notification.data[2];
  const slot = parameters.userId;
  if (type !== ACCESS_CONTROL) return [];
  if (event === KEYPAD_UNLOCK) return [{ report: 'opened', slot }];
  const message = 'another slot has the same PIN';
  return event === NOT_ADDED_DUPLICATE ? [{ report: 'refused', slot, isTaken: true, message }] : [];
}

type Schedule = v.InferOutput<typeof scheduleSchema>;

/** Years are of this century. */
function toSchedule({ startsAtMs, endsAtMs }: TimeWindow, zone: string): Schedule {
  const start = toWallTime(startsAtMs, zone);
  const stop = toWallTime(endsAtMs, zone);
  return {
    ...{ startYear: start.year - 2000, startMonth: start.month, startDay: start.day },
    ...{ startHour: start.hour, startMinute: start.minute },
    ...{ stopYear: stop.year - 2000, stopMonth: stop.month, stopDay: stop.day },
    ...{ stopHour: stop.hour, stopMinute: stop.minute },
  };
}

function fromSchedule(result: unknown, zone: string): TimeWindow | null {
  const parsed = v.safeParse(scheduleSchema, result);
  if (!parsed.success) return null;
  const at = parsed.output;
  const start = { year: at.startYear + 2000, month: at.startMonth, day: at.startDay, hour: at.startHour };
  const stop = { year: at.stopYear + 2000, month: at.stopMonth, day: at.stopDay, hour: at.stopHour };
  const startsAtMs = fromWallTime({ ...start, minute: at.startMinute }, zone);
  const endsAtMs = fromWallTime({ ...stop, minute: at.stopMinute }, zone);
  return startsAtMs === null || endsAtMs === null ? null : { startsAtMs, endsAtMs };
}
