import assert from 'node:assert/strict';
import type { AccessCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import {
  type GuestDoors,
  guestPins,
  type GuestPins,
  readGuestDoors,
} from '../../../node-red-nodes/nodes/stay-code/guest-doors.mts';
import { offlineLocksOf } from '../../../node-red-nodes/nodes/doors.mts';
import { listNeighbours } from '../../../node-red-nodes/nodes/stay-code/units.mts';
import type { StayUnitNode } from '../../../node-red-nodes/nodes/stay-unit/stay-unit.mts';

/** A flow as Node-RED lists it, of nodes that hold no more than what is asked of them. */
function flowOf(nodes: readonly { readonly id: string; readonly type: string }[]): NodeAPI {
  const api = {
    nodes: {
      eachNode: (look: (def: object) => void) => {
        for (const node of nodes) look(node);
      },
      getNode: (id: string) => nodes.find((node) => node.id === id) ?? null,
    },
  };
  return api as unknown as NodeAPI;
}

const unitAt = (site: object, unitId: string): StayUnitNode =>
  ({ id: unitId, type: 'stay-unit', unit: { unitId }, site: () => site }) as unknown as StayUnitNode;
const lockOf = (id: string, units: readonly StayUnitNode[]) => ({
  id,
  type: 'stay-lock',
  units: () => units,
  site: () => null,
  lockId: id,
});
const NUKI = { target: 'nuki-hub', topic: 'nukihub/lock', slotCount: '5' };
const NO_SLOTS = { readLock: () => [] } as unknown as AccessCodeStore['slots'];
const CODE = { id: 'code', kind: 'stay', reservationId: 'stay' } as AccessCode;

describe("a unit's neighbours", () => {
  const [here, there] = [{}, {}];
  const flats = ['a', 'b', 'c'].map((unitId) => unitAt(here, unitId));
  const [a, b, c] = flats as [StayUnitNode, StayUnitNode, StayUnitNode];

  it('are those behind its doors', () => {
    const RED = flowOf([...flats, lockOf('street', [a, b]), lockOf('flat', [a]), lockOf('yard', [c])]);
    assert.deepEqual(listNeighbours(RED, a), ['b']);
    assert.deepEqual(listNeighbours(RED, c), []);
  });
  it('may be all of its site where no door of its is known', () => {
    const RED = flowOf([...flats, unitAt(there, 'far'), lockOf('street', [a, b])]);
    assert.deepEqual(listNeighbours(RED, c), ['a', 'b']);
  });
});

describe("a unit's doors that keep their own lists", () => {
  const flat = unitAt({}, 'a');
  const program = { id: 'program', type: 'stay-program', lock: 'front', ...NUKI };
  const doorsIn = (...nodes: Parameters<typeof flowOf>[0]): GuestDoors =>
    readGuestDoors(flowOf([flat, ...nodes]))(flat);
  const front = lockOf('front', [flat]);
  it('have a stay-program each', () => {
    assert.ok(doorsIn(front, program).isListed);
    assert.ok(!doorsIn(front).isListed);
    const { isListed, listed } = doorsIn(front, lockOf('gate', [flat]), program);
    assert.ok(!isListed);
    assert.deepEqual(
      listed.map(({ door }) => door),
      ['front'],
    );
  });
  it('are doors of the flow', () => {
    assert.ok(!doorsIn(program).isListed);
  });
  it('are given no lock file, which the others are', () => {
    const flow = flowOf([flat, front, lockOf('gate', [flat]), program]);
    assert.deepEqual(
      offlineLocksOf(flow).map(({ lockId }) => lockId),
      ['gate'],
    );
  });
  it('are told of in the guest’s message with the PIN that each takes', () => {
    const pins = (target: object): GuestPins =>
      guestPins(doorsIn(front, { ...program, ...target }), {
        ...{ store: { slots: NO_SLOTS }, code: CODE, codes: [CODE], nowMs: 0 },
        digitsOf: () => '102030405060',
      });
    const [nuki] = pins({}).doorPins;
    assert.match(nuki?.pin ?? '', /^[1-9]{6}$/u);
    const zigbee = pins({ target: 'zigbee2mqtt', firstSlot: '1' });
    assert.deepEqual(zigbee, { isListed: true, doorPins: [{ door: 'front', pin: '102030' }], isKept: false });
    assert.deepEqual(pins({ topic: '' }), { isListed: true, doorPins: [], isKept: false });
  });
});
