import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import sinon from 'sinon';
import { createLiveFeed } from '../../../node-red-nodes/plugins/stay-board/live-feed.mts';
import type { UnitReading, UnitView } from '../../../node-red-nodes/plugins/stay-board/snapshot.mts';

/** A page at the other end of a stream: what it was sent, and whether it takes it. */
class Page extends EventEmitter {
  readonly messages: { nowMs: number; units: UnitView[]; unitIds?: string[] }[] = [];
  writableLength = 0;
  isCut = false;
  writeHead(): void {
    this.messages.length = 0;
  }
  write(text: string): void {
    for (const line of text.split('\n\n'))
      if (line.startsWith('data: '))
        this.messages.push(JSON.parse(line.slice(6)) as Page['messages'][number]);
  }
  end(): void {
    this.emit('close');
  }
  destroy(): void {
    this.isCut = true;
    this.emit('close');
  }
  /** Names by message, and whether it ended the snapshot; and forgets them. */
  take(): [string, boolean][] {
    return this.messages
      .splice(0)
      .map(({ units, unitIds }) => [units.map(({ name }) => name).join(' '), unitIds !== undefined]);
  }
}

describe('the live streams of the board', () => {
  let clock: sinon.SinonFakeTimers;
  let names: string[];
  let writes: number;
  let turns: string[];
  let isAway: boolean;
  let pages: Page[];
  let feed: ReturnType<typeof createLiveFeed>;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 0 });
    names = ['A', 'B', 'C'];
    [writes, turns, isAway, pages] = [0, [], false, []];
    feed = createLiveFeed({
      ...{ version: () => String(writes), isAway: () => isAway },
      begin: () => ({
        units: names.map((name, i) => () => {
          turns.push(name);
          return { view: { unitId: `u${i}`, name }, feeds: [] } as object as UnitReading;
        }),
        tell: (role, readings) => ({
          ...{ role, nowMs: Date.now(), warnings: [] },
          units: readings.map(({ view }) => view),
        }),
      }),
      onTrouble: (error) => {
        throw error;
      },
      onIdle: () => undefined,
    });
  });
  afterEach(async () => {
    for (const page of pages) page.end();
    // Turns are shared by the whole program: none is left waiting for a clock that is gone.
    await clock.tickAsync(100);
    clock.restore();
  });

  const open = async (): Promise<Page> => {
    const page = new Page();
    pages.push(page);
    feed.open(page as object as ServerResponse, 'host');
    await clock.tickAsync(100);
    return page;
  };
  const rename = (...now: string[]): void => {
    names = now;
    writes++;
  };

  it('read one unit a turn of the event loop', async () => {
    const opening = open();
    setImmediate(() => turns.push('somebody else'));
    await opening;
    assert.deepEqual(turns, ['A', 'somebody else', 'B', 'C']);
  });

  it('tell a page all, then what has changed, then what is gone', async () => {
    const page = await open();
    assert.deepEqual(page.take(), [['A B C', true]]);
    rename('A', 'B2', 'C');
    await clock.tickAsync(1_000);
    assert.deepEqual(page.take(), [['B2', true]]);
    rename('A', 'B2');
    await clock.tickAsync(1_000);
    const [gone] = page.messages;
    assert.deepEqual(gone?.unitIds, ['u0', 'u1']);
    assert.deepEqual(page.take(), [['', true]]);
    writes++;
    await clock.tickAsync(20_000);
    assert.deepEqual(page.take(), []);
  });

  it('tell a house of many units in parts, of which only the last ends it', async () => {
    names = Array.from({ length: 60 }, (_, i) => `N${i}`);
    const page = await open();
    assert.deepEqual(
      page.take().map(([units, isEnd]) => [units.split(' ').length, isEnd]),
      [
        [25, false],
        [25, false],
        [10, true],
      ],
    );
  });

  it('tell a page that is slow all that it missed once it has taken the rest, and cut off one that takes nothing', async () => {
    const page = await open();
    page.take();
    page.writableLength = 5_000;
    rename('A1', 'B', 'C');
    await clock.tickAsync(2_000);
    rename('A1', 'B1', 'C');
    await clock.tickAsync(2_000);
    assert.deepEqual(page.take(), []);
    page.writableLength = 0;
    // At the next look: the beat is far.
    await clock.tickAsync(1_500);
    assert.deepEqual(page.take(), [['A1 B1', true]]);
    page.writableLength = 5_000;
    await clock.tickAsync(90_000);
    assert.equal(page.isCut, true);
  });

  it('begin nothing over a deploy, leave what has begun, and look again after it', async () => {
    const page = await open();
    page.take();
    rename('A2', 'B2', 'C2');
    isAway = true;
    await clock.tickAsync(30_000);
    assert.deepEqual(page.take(), []);
    isAway = false;
    feed.look();
    turns.length = 0;
    setImmediate(() => {
      isAway = true;
    });
    await clock.tickAsync(100);
    assert.ok(turns.length < 3, `${turns.length} units were read`);
    assert.deepEqual(page.take(), []);
    isAway = false;
    await clock.tickAsync(20_000);
    assert.deepEqual(page.take(), [['A2 B2 C2', true]]);
  });
});
