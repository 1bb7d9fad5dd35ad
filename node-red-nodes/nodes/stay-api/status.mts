/**
 * The few words under the node; at most 20 characters.
 * @module
 */
import type { Node, NodeAPI } from 'node-red';

export interface ApiStatus {
  /** How many events the receiver has not got; `trouble` is why the last attempt failed. */
  readonly webhook: (pending: number, trouble: string | null) => void;
  readonly gone: () => void;
  readonly badConfig: () => void;
}

export function createApiStatus(RED: NodeAPI, node: Node): ApiStatus {
  const show = (fill: 'green' | 'yellow' | 'red', key: string, count = 0): void => {
    const shape = fill === 'green' ? 'dot' : 'ring';
    node.status({ fill, shape, text: RED._(`stay-api.status.${key}`, { count }) });
  };
  show('green', 'ready');
  return {
    webhook: (pending, trouble) => {
      if (pending === 0) show('green', 'ready');
      else show(trouble === null ? 'green' : 'yellow', 'waiting', pending);
    },
    gone: () => {
      show('red', 'gone');
    },
    badConfig: () => {
      show('red', 'bad-config');
    },
  };
}
