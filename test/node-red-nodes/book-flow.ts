/** A flow that books by HTTP: `POST /book` with a unit, a stay and what else its message is to hold, to a `stay-code` for each unit. */
import { MILL_HOUSE } from './stay-board/board-home.ts';

export interface BookedUnit {
  readonly unit: string;
  /** Whether the flow says when a message is sent. */
  readonly confirm: boolean;
  /** Ids of the nodes that get the guest's message. */
  readonly to: readonly string[];
}

/** On the tab `tab`, with the site's key to be given to `site`; `answer` ends any request. */
export function bookFlow(units: readonly BookedUnit[]): object[] {
  const names = units.map(({ unit }) => unit);
  return [
    { id: 'tab', type: 'tab', label: 'Home' },
    MILL_HOUSE,
    { id: 'book', z: 'tab', type: 'http in', url: '/book', method: 'post', wires: [['unpack']] },
    {
      ...{ id: 'unpack', z: 'tab', type: 'function', outputs: names.length + 1 },
      func: `const { unit, stay, ...others } = msg.payload;
        const out = ${JSON.stringify(names)}.map((one) => (one === unit ? { ...others, payload: stay } : null));
        return [...out, { ...msg, payload: {} }];`,
      wires: [...names.map((unit) => [`code-${unit}`]), ['answer']],
    },
    { id: 'answer', z: 'tab', type: 'http response', statusCode: '', headers: {}, wires: [] },
    ...units.flatMap(({ unit, confirm, to }) => [
      {
        ...{ id: `unit-${unit}`, type: 'stay-unit', name: unit, site: 'site', unitId: unit },
        ...{ alphabet: 'decimal', keyVersion: 1 },
      },
      {
        ...{ id: `code-${unit}`, z: 'tab', type: 'stay-code', unit: `unit-${unit}`, confirm },
        wires: [to, []],
      },
    ]),
  ];
}
