/**
 * What is odd about a feed, as a sentence for the host and as data beside it.
 * @module
 */
import type { BeliefAlert, Reservation } from '@staycode/core';
import type { NodeAPI, NodeMessage } from 'node-red';

export interface AlertContext {
  readonly unitName: string;
  readonly feedName: string;
  /** IANA zone of the property. */
  readonly zone: string;
}

/** The second output's message. A question names the `reservationId` that the answer has to name. */
export function toHostMessage(RED: NodeAPI, alert: BeliefAlert, context: AlertContext): NodeMessage {
  const { unitName: unit, feedName, zone } = context;
  const feed = feedName || RED._('stay-feed.note.feed');
  const say = (key: string, more: Record<string, unknown> = {}): string =>
    RED._(`stay-feed.note.${key}`, { unit, feed, ...more });
  const message = (payload: string): NodeMessage => ({ topic: unit, payload, alert });
  switch (alert.alert) {
    case 'suspect':
      return message(say(`suspect-${alert.why}`, { count: alert.reservationIds.length }));
    case 'stale':
      return message(
        alert.lastGoodMs === null
          ? say('never-read')
          : say('stale', { time: localTime(alert.lastGoodMs, zone) }),
      );
    case 'recovered':
      return message(say('recovered'));
    case 'unreadable':
      return message(
        say('unreadable', { count: alert.problems.length, why: alert.problems[0]?.message ?? '' }),
      );
    case 'conflict':
      return message(say('conflict'));
    case 'ask': {
      const { reservation, question } = alert;
      return {
        ...message(say(`ask-${question}`, namesOf(reservation, zone))),
        reservationId: reservation.id,
      };
    }
  }
}

function namesOf(
  { guestName, summary, startsAtMs, endsAtMs }: Reservation,
  zone: string,
): Record<string, string> {
  return { guest: guestName ?? summary, from: localTime(startsAtMs, zone), to: localTime(endsAtMs, zone) };
}

function localTime(atMs: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    atMs,
  );
}
