/**
 * The few words under a lock's node; at most 20 characters, never digits that were typed.
 * @module
 */
import type { LogEntry } from '@staycode/core';
import type { Node, NodeAPI } from 'node-red';

export interface LockStatus {
  readonly connected: (isConnected: boolean) => void;
  readonly reachable: (isReachable: boolean) => void;
  readonly entry: (entry: LogEntry) => void;
  /** The log is not the one that is kept: this stays until the node starts anew. */
  readonly fault: () => void;
}

export function createStatus(RED: NodeAPI, node: Node, zone: string): LockStatus {
  const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' });
  const at = { fault: false, connected: false, reachable: false, opened: '' };
  const show = (): void => {
    const word = (key: string, values = {}): string => RED._(`stay-lock-in.status.${key}`, values);
    if (at.fault) node.status({ fill: 'red', shape: 'ring', text: word('fault') });
    else if (!at.connected) {
      node.status({ fill: 'red', shape: 'ring', text: 'node-red:common.status.disconnected' });
    } else if (!at.reachable) node.status({ fill: 'yellow', shape: 'ring', text: word('out-of-reach') });
    else {
      const text = at.opened === '' ? word('in-reach') : word('opened', { time: at.opened });
      node.status({ fill: 'green', shape: 'dot', text });
    }
  };
  const change = (changes: Partial<typeof at>): void => {
    Object.assign(at, changes);
    show();
  };
  show();
  return {
    connected: (connected) => {
      change({ connected });
    },
    reachable: (reachable) => {
      change({ reachable });
    },
    entry: ({ record }) => {
      if (record.type === 'entry' && record.outcome === 'opened')
        change({ opened: timeOfDay.format(record.atMs) });
    },
    fault: () => {
      change({ fault: true });
    },
  };
}
