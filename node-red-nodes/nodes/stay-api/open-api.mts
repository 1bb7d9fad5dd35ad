/**
 * A node's API on Node-RED's web server, over the units of the flow.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { StaycodeError } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import { houseOf } from '../house-settings.mts';
import { readGuestDoors } from '../stay-code/guest-doors.mts';
import { unitsOf } from '../stay-code/units.mts';
import { tellChanged } from '../unit-changes.mts';
import { readApiKeys } from './api-keys.mts';
import { createApiServer } from './api-server.mts';
import { takePath } from './http-paths.mts';
import type { StayApiDef, StayApiNode } from './stay-api.mts';

const DEFAULT_CALLS_PER_MINUTE = 120;

export interface ApiParts {
  readonly def: StayApiDef;
  readonly store: AccessCodeStore;
}

/** None where the host has set no path. @throws StaycodeError `bad-config` for a path that cannot be had, or no key */
export function openApi(RED: NodeAPI, node: StayApiNode, { def, store }: ApiParts): { close(): void }[] {
  const path = (def.path ?? '').trim().replace(/\/+$/u, '');
  if (path === '') return [];
  const keys = readApiKeys(node.credentials.keys);
  if (keys.length === 0) throw new StaycodeError('bad-config', 'API: expected at least one key, got none');
  const calls = Number(def.callsPerMinute);
  const server = createApiServer({
    keys,
    callsPerMinute: calls >= 1 ? calls : DEFAULT_CALLS_PER_MINUTE,
    desk: {
      store,
      units: () => {
        const doorsOf = readGuestDoors(RED);
        return unitsOf(RED).map((unit) => ({
          house: houseOf(unit),
          siteKey: unit.site()?.siteKey ?? null,
          guestDoors: doorsOf(unit),
        }));
      },
      nodeId: node.id,
      changed: (unitId, actions) => {
        tellChanged(RED, { unitId, actions });
      },
      nowMs: () => Date.now(),
      newId: randomUUID,
    },
    onTrouble: (error) => {
      node.error(error instanceof Error ? error.message : String(error));
    },
  });
  const giveBack = /^(\/[\w.~-]+)+$/u.test(path) ? takePath(RED, path, server) : null;
  if (giveBack === null)
    throw new StaycodeError('bad-config', 'API path: expected one such as /staycode that no other node has');
  return [{ close: giveBack }];
}
