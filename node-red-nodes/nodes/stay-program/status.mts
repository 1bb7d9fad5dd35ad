/**
 * The few words under the node; at most 20 characters, never a PIN.
 * @module
 */
import type { SlotRecord } from '@staycode/core';
import type { Node, NodeAPI } from 'node-red';

export interface ProgramStatus {
  readonly connected: (isConnected: boolean) => void;
  readonly slots: (records: readonly SlotRecord[]) => void;
}

export function createProgramStatus(RED: NodeAPI, node: Node): ProgramStatus {
  const at = { connected: false, inLock: 0, failed: 0 };
  const show = (): void => {
    const word = (key: string, count = 0): string => RED._(`stay-program.status.${key}`, { count });
    if (!at.connected)
      node.status({ fill: 'red', shape: 'ring', text: 'node-red:common.status.disconnected' });
    else if (at.failed > 0) node.status({ fill: 'red', shape: 'dot', text: word('failed', at.failed) });
    else node.status({ fill: 'green', shape: 'dot', text: word('in-lock', at.inLock) });
  };
  show();
  return {
    connected: (connected) => {
      at.connected = connected;
      show();
    },
    slots: (records) => {
      const active = records.filter(({ clearedAtMs }) => clearedAtMs === null);
      at.inLock = active.filter(({ toldAtMs }) => toldAtMs !== null).length;
      at.failed = active.filter(({ failure }) => failure !== null).length;
      show();
    },
  };
}
