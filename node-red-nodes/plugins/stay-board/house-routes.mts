/**
 * The addresses of what is about the whole house: its units as a table, its locks' files, and its staff.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { answer, readBody, type RouteParts } from './act-routes.mts';
import { ActRefused } from './acts/act.mts';
import { offlineLocksOf } from '../../nodes/doors.mts';
import { readHouse } from './house.mts';
import { showStaff } from './staff/show-staff.mts';
import { listStaff } from './staff/staff-list.mts';
import { listLocks, sealLockFiles } from './units/lock-files.mts';
import { brokerOf, pairLock } from './units/pair-lock.mts';
import { type FlowNode, planUnits } from './units/plan-units.mts';
import { readUnitsCsv } from './units/read-csv.mts';
import { writeUnitsCsv } from './units/write-csv.mts';

export function routeHouse(RED: NodeAPI, { path, needs, byOf, withStore }: RouteParts): void {
  const post = (name: string, work: (request: Request, response: Response) => unknown): void => {
    const handler: RequestHandler = (request, response) => {
      answer(RED, response, () => work(request, response));
    };
    RED.httpAdmin.post(`${path}/api/host/${name}`, needs('host'), handler);
  };
  const record = (request: Request, act: string, note: string): void => {
    const by = byOf(request);
    withStore((store) => {
      store.acts.add({ act, unitId: null, reservationId: null, by, note, atMs: Date.now() });
    });
  };
  post('units/export', () => ({ csv: writeUnitsCsv(readHouse(RED)) }));
  post('units/plan', (request) => {
    const { csv, flows } = readBody(request);
    if (typeof csv !== 'string' || !Array.isArray(flows)) throw new ActRefused('not-json');
    return planTable(csv, flows as FlowNode[]);
  });
  post('units/imported', (request) => {
    record(request, 'units-imported', String(readBody(request).count));
    return {};
  });
  post('locks/list', () => ({
    locks: listLocks(offlineLocksOf(RED), (lock) => brokerOf(RED, lock)),
  }));
  post('locks/pair', (request) => {
    const body = readBody(request);
    const lock = offlineLocksOf(RED).find(({ lockId }) => lockId === body.lockId);
    if (!lock) throw new ActRefused('no-such-lock');
    const pairing = pairLock(lock, body);
    record(request, 'paired', lock.lockId);
    return { pairing };
  });
  post('locks/files', async (request, response) => {
    const { passphrase } = readBody(request);
    if (typeof passphrase !== 'string') throw new ActRefused('short-passphrase', '8');
    const locks = offlineLocksOf(RED);
    const zip = await sealLockFiles({ locks, passphrase, randomBytes });
    record(request, 'provisioned', String(locks.length));
    response.type('application/zip');
    return Buffer.from(zip);
  });
  post('staff/list', () => withStore((store) => listStaff(RED, store)));
  post('staff/show', (request) => {
    const asked = { body: readBody(request), by: byOf(request), nowMs: Date.now() };
    return withStore((store) => showStaff(RED, { ...asked, store }));
  });
}

function planTable(csv: string, flows: readonly FlowNode[]): object {
  const nodes = (type: string): FlowNode[] => flows.filter((node) => node.type === type);
  const { rows, faults } = readUnitsCsv(csv, {
    sites: nodes('stay-site').map(({ id, name }) => ({ id, name: typeof name === 'string' ? name : '' })),
    keyVersionOf(unitId) {
      const unit = nodes('stay-unit').find((node) => node.unitId === unitId);
      return unit === undefined ? null : Number(unit.keyVersion);
    },
  });
  if (faults.length > 0) return { faults, rows: [], flows: null };
  const newId = (): string => randomBytes(8).toString('hex');
  return { faults, ...planUnits(rows, flows, newId) };
}
