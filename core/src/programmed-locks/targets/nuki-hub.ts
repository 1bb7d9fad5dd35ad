/**
 * Nuki Hub: keypad codes of a Nuki lock, over MQTT. The lock chooses the code's id and keeps its window; the hub publishes the list
 * without the digits, so codes are known by their names. Source: Nuki Hub's README, "Keypad control using JSON".
 * @module
 */
import * as v from 'valibot';
import type { TimeWindow } from '../../stay-code/collision.ts';
import { parseJson } from '../json.ts';
import type { LockCommand, LockReport, LockTarget, MqttMessage, SlotEntry } from '../target.ts';
import { fromWallTime, toWallTime } from '../wall-clock.ts';

export interface NukiHubOptions {
  /** What stands before `/keypad/actionJson`, such as `nukihub/lock`. */
  readonly topic: string;
  /** The IANA zone of the lock's clock. */
  readonly zone: string;
  /** How many codes the keypad holds. */
  readonly count: number;
}

const flag = v.pipe(
  v.union([v.number(), v.boolean(), v.string()]),
  v.transform((value) => Boolean(Number(value))),
);
const listSchema = v.array(
  v.object({
    codeId: v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.integer()),
    name: v.string(),
    code: v.optional(v.pipe(v.union([v.number(), v.string()]), v.transform(String))),
    enabled: v.optional(flag, true),
    timeLimited: v.optional(flag, false),
    allowedFrom: v.optional(v.string(), ''),
    allowedUntil: v.optional(v.string(), ''),
  }),
);
const logSchema = v.array(
  v.looseObject({
    index: v.pipe(v.number(), v.safeInteger()),
    type: v.string(),
    action: v.optional(v.string()),
    trigger: v.optional(v.string()),
    completionStatus: v.optional(v.string()),
    codeId: v.optional(v.number()),
  }),
);
type LogLine = v.InferOutput<typeof logSchema>[number];
/** What the hub answers where nothing went wrong, or nothing yet. */
const GOOD = new Set(['success', 'working', 'codeValid', '--', '']);
const OPENING = new Set(['Unlock', 'Unlatch']);

/** A Nuki lock behind Nuki Hub. Its log comes as the last few entries, each time the whole of them. */
export function nukiHubLock(options: NukiHubOptions): LockTarget {
  const { topic, count, zone } = options;
  const topics = {
    list: `${topic}/keypad/json`,
    result: `${topic}/keypad/commandResultJson`,
    log: `${topic}/shortLog`,
  };
  return {
    pinLimits: { minDigits: 6, maxDigits: 6, symbols: '123456789', refusedStarts: ['12'] },
    slots: { chosenBy: 'lock', count },
    keepsWindow: 'with-code',
    isAnswerNew: true,
    topics: Object.values(topics),
    write: (command) => writeCommand(command, options),
    read: ({ topic: from, payload, isRetained }) => {
      if (from === topics.log) return readLog(payload, isRetained === true);
      // What the broker kept may be older than what we sent since.
      if (isRetained) return [];
      if (from === topics.list) return readList(payload, zone);
      if (from !== topics.result || GOOD.has(payload)) return [];
      return [
        {
          report: 'refused',
          slot: null,
          isTaken: false,
          message: `Nuki Hub answered ${payload.slice(0, 40)}`,
        },
      ];
    },
  };
}

function writeCommand(command: LockCommand, { topic, zone }: NukiHubOptions): MqttMessage[] {
  const action = (body: Record<string, string>): MqttMessage[] => [
    { topic: `${topic}/keypad/actionJson`, payload: JSON.stringify(body) },
  ];
  switch (command.do) {
    case 'read':
      return [{ topic: `${topic}/query/keypad`, payload: '1' }];
    case 'clear':
      return action({ action: 'delete', codeId: String(command.slot) });
    case 'set': {
      const { slot, pin, label, window } = command;
      return action({
        ...(slot === null ? { action: 'add' } : { action: 'update', codeId: String(slot), enabled: '1' }),
        // An update takes away what it does not name.
        ...{ code: pin, name: label, timeLimited: '1' },
        ...{ allowedFrom: toText(window.startsAtMs, zone), allowedUntil: toText(window.endsAtMs, zone) },
      });
    }
    case 'set-window':
    case 'clear-window':
      return [];
  }
}

function readList(payload: string, zone: string): LockReport[] {
  const list = parseJson(payload, listSchema);
  if (list === null) return [];
  const entries = list.map((one): [number, SlotEntry] => {
    const window =
      one.enabled && one.timeLimited ? readWindow(one.allowedFrom, one.allowedUntil, zone) : null;
    return [one.codeId, { pin: one.code ?? null, label: one.name, window }];
  });
  return [{ report: 'list', entries: new Map(entries) }];
}

function readLog(payload: string, isKept: boolean): LockReport[] {
  const entries = parseJson(payload, logSchema) ?? [];
  if (entries.length === 0) return [];
  const openings = entries.filter(isOpening).map(({ index: number, codeId: slot }) => ({ slot, number }));
  openings.sort((a, b) => a.number - b.number);
  return [{ report: 'log', upTo: Math.max(...entries.map(({ index }) => index)), isKept, openings }];
}

function isOpening(entry: LogLine): entry is LogLine & { readonly codeId: number } {
  const { type, action, completionStatus, codeId = 0 } = entry;
  return type === 'KeypadAction' && OPENING.has(action ?? '') && completionStatus === 'success' && codeId > 0;
}

function readWindow(from: string, until: string, zone: string): TimeWindow | null {
  const startsAtMs = fromText(from, zone);
  const endsAtMs = fromText(until, zone);
  return startsAtMs === null || endsAtMs === null ? null : { startsAtMs, endsAtMs };
}

/** `2026-12-01 15:00:00` */
function toText(atMs: number, zone: string): string {
  const { year, month, day, hour, minute } = toWallTime(atMs, zone);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:00`;
}

function fromText(text: string, zone: string): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):\d\d$/u.exec(text)?.slice(1).map(Number);
  const [year, month, day, hour, minute] = parts ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  return fromWallTime({ year, month, day, hour: hour ?? 0, minute: minute ?? 0 }, zone);
}
