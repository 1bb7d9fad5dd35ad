import assert from 'node:assert/strict';
import { type FlowNode, planUnits } from '../../../node-red-nodes/plugins/stay-board/units/plan-units.mts';
import { type CellFault, readUnitsCsv } from '../../../node-red-nodes/plugins/stay-board/units/read-csv.mts';

const site = { id: 's1', type: 'stay-site', name: 'Mill House' };
const mill = { id: 's1', name: 'Mill House' };
const context = { sites: [mill], keyVersionOf: (id: string) => (id === 'old' ? 3 : null) };
const read = (text: string, changes: Partial<typeof context> = {}) =>
  readUnitsCsv(text, { ...context, ...changes });
let count = 0;
const plan = (csv: string, flows: readonly FlowNode[] = [site]) => {
  const { rows, faults } = read(csv);
  assert.deepEqual(faults, []);
  return planUnits(rows, flows, () => `n${++count}`);
};
const of = (flows: readonly FlowNode[], type: string): FlowNode[] =>
  flows.filter((node) => node.type === type);

describe('a table of units', () => {
  it('is read with commas, semicolons or tabs, with or without a byte order mark, and with the least there can be', () => {
    for (const text of [
      'unit_id,name\na,Flat A',
      '\uFEFFunit_id;name\r\na;Flat A\r\n',
      'UNIT_ID\tname\na\tFlat A\n\n',
    ]) {
      const [row] = read(text).rows;
      assert.deepEqual([row?.unitId, row?.name, row?.site, row?.keyVersion], ['a', 'Flat A', 's1', 1]);
    }
    assert.equal(read('unit_id\na').rows.length, 1);
  });

  const faults: readonly [string, string, Partial<CellFault>, Partial<typeof context>?][] = [
    [
      'a heading that is none of ours',
      'unit_id,colour\na,red',
      { line: 1, column: 'colour', rule: 'columns' },
    ],
    [
      'a table without unit ids',
      'name\nFlat A',
      { line: 1, column: 'unit_id', rule: 'columns', got: 'name' },
    ],
    ['no id', 'unit_id,name\n,Flat A', { line: 2, column: 'unit_id', rule: 'id', got: '' }],
    ['an id that is too long', `unit_id\n${'x'.repeat(65)}`, { line: 2, rule: 'id', expected: '64' }],
    ['a unit twice', 'unit_id\na\nb\na', { line: 4, rule: 'twice', expected: '2', got: 'a' }],
    ['another site', 'unit_id,site\na,Barn', { rule: 'site', expected: 'Mill House', got: 'Barn' }],
    ['no site at all', 'unit_id\na', { rule: 'no-site' }, { sites: [] }],
    [
      'which of two sites',
      'unit_id\na',
      { rule: 'which-site', expected: 'Mill House, Barn' },
      { sites: [mill, { id: 's2', name: 'Barn' }] },
    ],
    ['another keypad', 'unit_id,keypad\na,hex', { column: 'keypad', rule: 'keypad', got: 'hex' }],
    ['a key version that is none', 'unit_id,key_version\na,0', { rule: 'key-version', got: '0' }],
    ['a lower key version', 'unit_id,key_version\nold,2', { rule: 'key-lower', expected: '3', got: '2' }],
    ['a lock id that is none', 'unit_id,lock_id\na,\u0007', { column: 'lock_id', rule: 'id' }],
    [
      'too few lock names',
      'unit_id,lock_id,lock_name\na,x|y,One',
      { rule: 'lock-names', expected: '2', got: '1' },
    ],
    [
      'an address that is not encrypted',
      'unit_id,feed_url\na,http://x.example/1',
      { rule: 'url', expected: 'https://', got: '' },
    ],
  ];
  for (const [what, text, fault, changes] of faults) {
    it(`says where it has ${what}, and what was expected`, () => {
      const [found, ...more] = read(text, changes).faults;
      assert.deepEqual({ ...found, ...fault }, found);
      assert.deepEqual(more, []);
    });
  }

  it('becomes units, doors and calendars of the flow; a door that several share is one', () => {
    const { rows, flows } = plan(
      'unit_id,name,lock_id,lock_name,feed_url\na,Flat A,street|a,Street|Door A,https://x.example/1\nb,Flat B,street|b,,webcal://x.example/2',
    );
    assert.deepEqual(
      rows.map(({ change, newLocks, feeds }) => [change, newLocks, feeds]),
      [
        ['new', ['street', 'a'], 1],
        ['new', ['b'], 1],
      ],
    );
    const [a, b] = of(flows, 'stay-unit');
    const street = of(flows, 'stay-lock').find(({ lockId }) => lockId === 'street');
    assert.deepEqual(street?.units, [a?.id, b?.id]);
    assert.equal(street.name, 'Street');
    const [code] = of(flows, 'stay-code');
    for (const feed of of(flows, 'stay-feed')) {
      assert.deepEqual([feed.z, feed.wires], [code?.z, [[code?.id], []]]);
      assert.match((feed.credentials as { url: string }).url, /^https:/u);
    }
  });

  it('changes what differs and leaves alone what does not, and takes nothing away', () => {
    const csv = 'unit_id,name,lock_id\na,Flat A,a\nb,Flat B,b';
    const { flows } = plan(csv);
    const again = plan(csv, flows);
    assert.deepEqual(again.flows, flows);
    assert.deepEqual(
      again.rows.map(({ change }) => change),
      ['same', 'same'],
    );
    const renamed = plan('unit_id,name,key_version\na,Loft,2', flows);
    assert.deepEqual(
      renamed.rows.map(({ change }) => change),
      ['changed'],
    );
    assert.equal(renamed.flows.length, flows.length);
    const loft = of(renamed.flows, 'stay-unit').find(({ unitId }) => unitId === 'a');
    assert.deepEqual([loft?.name, loft?.keyVersion], ['Loft', 2]);
    assert.equal(plan('unit_id\na', flows).rows[0]?.change, 'same');
  });
});
