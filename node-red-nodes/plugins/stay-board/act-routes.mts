/**
 * The addresses of what is done on the board. A refusal is an answer with a stable code; nothing was done then.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { StaycodeError } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { Request, RequestHandler, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { jsonBody } from '../../nodes/json-body.mts';
import { tellChanged } from '../../nodes/unit-changes.mts';
import { userDirOf } from '../../nodes/user-folder.mts';
import { type Act, type ActContext, ActRefused } from './acts/act.mts';
import { STAY_ACTS } from './acts/stay-acts.mts';
import { CLEANER_ACTS, UNIT_ACTS } from './acts/unit-acts.mts';
import { type HouseUnit, readHouse } from './house.mts';
import { readDetail } from './stay-detail.mts';

export interface RouteParts {
  readonly path: string;
  /** The guard of a role. */
  readonly needs: (role: 'host' | 'clean') => RequestHandler;
  /** Who asks, by name. */
  readonly byOf: (request: Request) => string;
  readonly withStore: <T>(work: (store: AccessCodeStore) => T) => T;
  /** Something was done. */
  readonly onDone: () => void;
}

export function routeActs(RED: NodeAPI, { path, needs, byOf, withStore, onDone }: RouteParts): void {
  const act = (role: 'host' | 'clean', name: string, does: Act): void => {
    RED.httpAdmin.post(
      `${path}/api/${role}/acts/${name}`,
      needs(role),
      (request: Request, response: Response) => {
        answer(RED, response, () => {
          const body = readBody(request);
          const unit = findUnit(RED, body);
          const by = byOf(request);
          const { unitId } = unit.node.unit;
          const changed: ActContext['changed'] = (actions) => {
            tellChanged(RED, { unitId, actions });
          };
          const result = withStore((store) =>
            does({ unit, store, by, body, changed, nowMs: Date.now(), newId: randomUUID }),
          );
          if (body.trial !== true) onDone();
          return result;
        });
      },
    );
  };
  for (const [name, does] of Object.entries({ ...STAY_ACTS, ...UNIT_ACTS, ...CLEANER_ACTS }))
    act('host', name, does);
  for (const [name, does] of Object.entries(CLEANER_ACTS)) act('clean', name, does);
  RED.httpAdmin.post(`${path}/api/host/detail`, needs('host'), (request: Request, response: Response) => {
    answer(RED, response, () => {
      const body = readBody(request);
      const unit = findUnit(RED, body);
      const stayId = typeof body.stayId === 'string' ? body.stayId : null;
      return withStore((store) =>
        readDetail({ unit, store, stayId, userDir: userDirOf(RED), nowMs: Date.now() }),
      );
    });
  });
}

/** Sends what the work gives, or why it was refused. */
export function answer(RED: NodeAPI, response: Response, work: () => unknown): void {
  response.set('cache-control', 'no-store');
  Promise.resolve()
    .then(work)
    .then(
      (result) => {
        if (Buffer.isBuffer(result)) response.send(result);
        else response.json(result);
      },
      (error: unknown) => {
        if (error instanceof ActRefused) {
          response.status(409).json({ code: error.code, detail: error.detail, message: error.message });
        } else if (error instanceof StaycodeError) {
          response.status(400).json({ code: error.code, detail: null, message: error.message });
        } else {
          // It says too much about the machine to be shown, and it is no fault of who asked.
          RED.log.error(
            `staycode board: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          );
          response
            .status(500)
            .json({ code: 'failed', detail: null, message: 'failed: see the log of Node-RED' });
        }
      },
    );
}

/** @throws ActRefused `not-json` */
export function readBody(request: Request): Readonly<Record<string, unknown>> {
  const body = jsonBody(request);
  if (body === null) throw new ActRefused('not-json');
  return body;
}

function findUnit(RED: NodeAPI, { unitId }: Readonly<Record<string, unknown>>): HouseUnit {
  const unit = readHouse(RED).find(({ node }) => node.unit.unitId === unitId);
  if (unit) return unit;
  throw new ActRefused('no-such-unit');
}
