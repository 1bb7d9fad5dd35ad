/**
 * The flow after a table of units: units, doors and calendars that are missing are added, those that differ are changed, and
 * nothing is taken away.
 * @module
 */
import type { UnitRow } from './read-csv.mts';

/** A node as the flow has it. */
export type FlowNode = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

export interface PlannedRow {
  readonly line: number;
  readonly unitId: string;
  readonly name: string;
  readonly change: 'new' | 'changed' | 'same';
  /** Ids of doors. */
  readonly newLocks: readonly string[];
  readonly feeds: number;
}

export interface UnitsPlan {
  readonly rows: readonly PlannedRow[];
  /** The whole flow as it is to be deployed. */
  readonly flows: readonly FlowNode[];
}

const ROW_HEIGHT = 60;

export function planUnits(
  rows: readonly UnitRow[],
  flows: readonly FlowNode[],
  newId: () => string,
): UnitsPlan {
  const draft = new FlowDraft(flows, newId);
  return { rows: rows.map((row) => draft.take(row)), flows: draft.nodes() };
}

class FlowDraft {
  readonly #nodes: Map<string, FlowNode>;
  readonly #newId: () => string;
  readonly #changed = new Set<string>();

  constructor(flows: readonly FlowNode[], newId: () => string) {
    this.#nodes = new Map(flows.map((node) => [node.id, node]));
    this.#newId = newId;
  }

  nodes(): FlowNode[] {
    return [...this.#nodes.values()];
  }

  take(row: UnitRow): PlannedRow {
    this.#changed.clear();
    const known = this.#find('stay-unit', 'unitId', row.unitId);
    const { unitId, name, site, alphabet, keyVersion } = row;
    const unit = this.#put(known, {
      ...{ type: 'stay-unit', unitId, site, alphabet, keyVersion },
      ...((name !== '' || !known) && { name }),
    });
    const newLocks = row.locks
      .filter((lock) => this.#takeLock(lock, site, unit.id))
      .map(({ lockId }) => lockId);
    for (const [i, url] of row.feedUrls.entries()) this.#takeFeed(unit, i, url);
    const change = known === undefined ? 'new' : this.#changed.size > 0 ? 'changed' : 'same';
    const shown = typeof unit.name === 'string' ? unit.name : '';
    return { line: row.line, unitId, name: shown, change, newLocks, feeds: row.feedUrls.length };
  }

  /** Whether it is a new door. */
  #takeLock({ lockId, name }: UnitRow['locks'][number], site: string, unitNodeId: string): boolean {
    const known = this.#find('stay-lock', 'lockId', lockId);
    const units = Array.isArray(known?.units) ? (known.units as string[]) : [];
    this.#put(known, {
      ...{ type: 'stay-lock', lockId },
      // A door may serve the units of one site only, so what it says of the site stays.
      ...(!known && { site, keepsLog: true }),
      ...((name !== '' || !known) && { name }),
      units: units.includes(unitNodeId) ? units : [...units, unitNodeId],
    });
    return known === undefined;
  }

  /** The calendars of a unit by their order: an address is secret, so whether it is another one nobody can say. */
  #takeFeed(unit: FlowNode, index: number, url: string): void {
    const known = [...this.#nodes.values()].filter(
      ({ type, unit: of }) => type === 'stay-feed' && of === unit.id,
    )[index];
    const credentials = { url };
    if (known) {
      this.#put(known, { credentials });
      return;
    }
    const desk = this.#deskFor(unit);
    const on = [...this.#nodes.values()].filter(({ z }) => z === desk.z);
    const lowest = Math.max(0, ...on.map(({ y }) => Number(y) || 0));
    this.#put(undefined, {
      ...{ type: 'stay-feed', z: desk.z, name: '', unit: unit.id, intervalMinutes: 15, allowPrivate: false },
      ...{
        closures: 'all',
        imports: false,
        credentials,
        x: 180,
        y: lowest + ROW_HEIGHT,
        wires: [[desk.id], []],
      },
    });
  }

  /** The node that makes the unit's codes; a new one, on a page of its own, where there is none. */
  #deskFor(unit: FlowNode): FlowNode {
    const desks = [...this.#nodes.values()].filter(({ type }) => type === 'stay-code');
    const desk = desks.find((one) => one.unit === unit.id) ?? desks.find((one) => (one.unit ?? '') === '');
    if (desk) return desk;
    const tab = this.#put(undefined, { type: 'tab', label: 'Stays', disabled: false, info: '' });
    return this.#put(undefined, {
      ...{ type: 'stay-code', z: tab.id, name: '', unit: '', daysBefore: '', confirm: false },
      ...{ x: 460, y: ROW_HEIGHT, wires: [[], []] },
    });
  }

  #find(type: string, field: string, value: string): FlowNode | undefined {
    return [...this.#nodes.values()].find((node) => node.type === type && node[field] === value);
  }

  #put(
    known: FlowNode | undefined,
    fields: Readonly<Record<string, unknown>> & { readonly type?: string },
  ): FlowNode {
    const node = { type: '', ...known, ...fields, id: known?.id ?? this.#newId() };
    const isSame = (field: string): boolean =>
      known !== undefined && toText(known[field]) === toText(fields[field]);
    if (!Object.keys(fields).every(isSame)) {
      this.#changed.add(node.id);
      this.#nodes.set(node.id, node);
    }
    return this.#nodes.get(node.id) ?? node;
  }
}

/** The editor keeps numbers as text: `1` and `"1"` are one key version. */
function toText(value: unknown): string {
  return JSON.stringify([typeof value === 'number' ? String(value) : value]);
}
