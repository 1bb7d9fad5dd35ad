/**
 * Makes API keys for the node's dialog: the browser gets the key to show it once, and its hash to keep. It is made here, for a
 * browser hashes nothing on a page that came over plain http.
 * @module
 */
import type { NodeAPI } from 'node-red';
import { makeApiKey } from './api-keys.mts';

export function serveNewKeys(RED: NodeAPI): void {
  RED.httpAdmin.post('/staycode/api-key', RED.auth.needsPermission('flows.write'), (_request, response) => {
    response.set('cache-control', 'no-store').json(makeApiKey());
  });
}
