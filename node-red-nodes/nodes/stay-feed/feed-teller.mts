/**
 * What came of a poll to the flow: stays on the first output, oddities and questions on the second, the rest under the node.
 * @module
 */
import { type StayEvent, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import type { FeedReading } from './feed-reader.mts';
import { toHostMessage } from './to-host-message.mts';

export interface FeedTeller {
  /** Sends all of it on a copy of the message that asked for it, then remembers it, then shows it. */
  tell(msg: NodeMessage, reading: FeedReading): void;
  showError(error: unknown): void;
}

export function createTeller(RED: NodeAPI, node: Node<object>, unit: StayUnitNode): FeedTeller {
  const showError: FeedTeller['showError'] = (error) => {
    const code = error instanceof StaycodeError ? error.code : 'failed';
    node.status({ fill: 'red', shape: 'ring', text: RED._(`stay-feed.status.${code}`) });
  };
  return {
    showError,
    tell(msg, reading) {
      const zone = unit.site()?.zone ?? 'UTC';
      const context = { unitName: unit.unitName, feedName: node.name ?? '', zone };
      for (const event of reading.events) node.send([toMessage(RED, msg, unit, event), null]);
      for (const alert of reading.alerts) {
        node.send([null, { ...RED.util.cloneMessage(msg), ...toHostMessage(RED, alert, context) }]);
      }
      reading.remember();
      if (reading.staleSinceMs !== null) showStale(RED, node, reading.staleSinceMs, zone);
      else if (reading.error) showError(reading.error);
      else showStays(RED, node, reading);
    },
  };
}

function showStays(RED: NodeAPI, node: Node<object>, { stays: count, suspect }: FeedReading): void {
  const text = RED._(`stay-feed.status.${suspect ?? 'stays'}`, { count });
  node.status(suspect ? { fill: 'yellow', shape: 'ring', text } : { fill: 'green', shape: 'dot', text });
}

/** When it was last read, at most 20 characters. */
function showStale(RED: NodeAPI, node: Node<object>, sinceMs: number, zone: string): void {
  const time = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone },
  }).format(sinceMs);
  const text = RED._('stay-feed.status.stale', { time: time.replace(',', '') });
  node.status({ fill: 'red', shape: 'ring', text });
}

function toMessage(RED: NodeAPI, msg: NodeMessage, unit: StayUnitNode, stayEvent: StayEvent): NodeMessage {
  const { reservation, ...event } = stayEvent;
  const copy = RED.util.cloneMessage(msg);
  return { ...copy, topic: unit.unitName, payload: reservation, ...event, unit: unit.unit.unitId };
}
