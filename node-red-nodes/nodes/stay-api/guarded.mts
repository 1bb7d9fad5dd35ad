/**
 * What a timer does must not end Node-RED: a register that is locked for a moment is asked again the next time.
 * @module
 */
import type { Node } from 'node-red';

export function guarded<A extends readonly unknown[]>(
  node: Node,
  work: (...args: A) => void,
): (...args: A) => void {
  return (...args) => {
    try {
      work(...args);
    } catch (error) {
      node.error(error instanceof Error ? error.message : String(error));
    }
  };
}
