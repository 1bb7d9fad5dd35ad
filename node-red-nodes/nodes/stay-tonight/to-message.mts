/**
 * The lines of a check as the flow gets them: sentences for the host, and the same as data.
 * @module
 */
import type { ArrivalLine, Trouble } from '@staycode/core';
import type { NodeAPI, NodeMessage } from 'node-red';

/** How another node's words are named. */
const STAY_CODE_WORDS = '@staycode/node-red/stay-code:stay-code';

export interface LineContext {
  /** IANA zone of the property. */
  readonly zone: string;
  readonly nowMs: number;
}

/** The message with a line a unit: as text in the payload, as data in `lines`. */
export function toLinesMessage(
  RED: NodeAPI,
  lines: readonly ArrivalLine[],
  context: LineContext,
): NodeMessage {
  const told = lines.map((line) => {
    const troubles = line.troubles.map((trouble) => ({ ...trouble, text: sayTrouble(RED, trouble) }));
    const { arrival, ...rest } = line;
    const text = sayLine(
      RED,
      line,
      troubles.map(({ text }) => text),
      context,
    );
    return {
      ...rest,
      arrival: arrival && { ...arrival, startsAt: new Date(arrival.startsAtMs).toISOString() },
      ...{ troubles, text },
    };
  });
  return {
    topic: RED._('stay-tonight.note.topic'),
    payload: told.map(({ text }) => text).join('\n'),
    ready: lines.every(({ ready }) => ready),
    lines: told,
  };
}

function sayLine(
  RED: NodeAPI,
  { unitName: unit, arrival, ready }: ArrivalLine,
  troubles: readonly string[],
  context: LineContext,
): string {
  const who = arrival
    ? RED._(`stay-tonight.note.${dayOf(arrival.startsAtMs, context)}`, {
        ...{ unit, guest: arrival.guestName ?? RED._('stay-tonight.note.guest') },
        time: timeOf(arrival.startsAtMs, context.zone),
      })
    : RED._('stay-tonight.note.nobody', { unit });
  if (!ready) return RED._('stay-tonight.note.not-ready', { who, troubles: troubles.join('; ') });
  return arrival ? RED._('stay-tonight.note.ready', { who }) : who;
}

function sayTrouble(RED: NodeAPI, trouble: Trouble): string {
  const say = (key: string, values: Record<string, string | number> = {}): string =>
    RED._(`stay-tonight.trouble.${key}`, values);
  switch (trouble.reason) {
    case 'held': {
      const why = RED._(`${STAY_CODE_WORDS}.status.${trouble.why}`);
      return say('held', { why });
    }
    case 'clock-off': {
      const { name, minutes } = trouble;
      return say(minutes > 0 ? 'clock-fast' : 'clock-slow', { name, minutes: Math.abs(minutes) });
    }
    case 'no-code':
    case 'not-sent':
    case 'send-failed':
      return say(trouble.reason);
    case 'battery-low':
    case 'feed-never-read':
    case 'feed-stale':
    case 'feed-suspect':
    case 'code-ended':
    case 'lock-silent':
    case 'clock-lost':
      return say(trouble.reason, trouble);
  }
}

function dayOf(startsAtMs: number, { zone, nowMs }: LineContext): 'due' | 'today' | 'tomorrow' {
  const day = (atMs: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(atMs);
  if (startsAtMs <= nowMs) return 'due';
  return day(startsAtMs) === day(nowMs) ? 'today' : 'tomorrow';
}

function timeOf(atMs: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(atMs);
}
