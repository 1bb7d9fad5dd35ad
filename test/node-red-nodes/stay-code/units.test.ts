import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { isListedOnly, listNeighbours } from '../../../node-red-nodes/nodes/stay-code/units.mts';
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
});

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

describe('a unit whose doors all keep their own list', () => {
  const flat = unitAt({}, 'a');
  const program = { id: 'program', type: 'stay-program', lock: 'front' };
  it('has a stay-program for each of them', () => {
    assert.ok(isListedOnly(flowOf([flat, lockOf('front', [flat]), program]), flat));
    assert.ok(!isListedOnly(flowOf([flat, lockOf('front', [flat])]), flat));
    assert.ok(!isListedOnly(flowOf([flat, lockOf('front', [flat]), lockOf('gate', [flat]), program]), flat));
  });
  it('has a door at all', () => {
    assert.ok(!isListedOnly(flowOf([flat, program]), flat));
  });
});
