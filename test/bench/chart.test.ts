import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawChart } from './chart.ts';
import type { Measured } from './measure.ts';

const PICTURES = join(import.meta.dirname, '../../docs/pictures');
const line = (ratio: number, goal: number | null, name = 'a'): Measured => ({
  ...{ name, ours: ratio, peer: 1, ratio, goal },
});
const bars = (svg: string): [string, number][] =>
  Array.from(svg.matchAll(/class="(kept|missed|plain)"[^>]*? width="([\d.]+)"/gu), ([, kind, width]) => [
    String(kind),
    Number(width),
  ]);

describe("the picture of the bench's lines", () => {
  it('has a bar as long as each ratio, and shows which goals are missed', () => {
    const [long, half, plain] = bars(drawChart([line(2, 1), line(1, 1), line(0.5, null)]));
    assert.deepEqual([long?.[0], half?.[0], plain?.[0]], ['missed', 'kept', 'plain']);
    assert.equal((half?.[1] ?? 0) / (long?.[1] ?? 0), 0.5);
    assert.equal((plain?.[1] ?? 0) / (long?.[1] ?? 0), 0.25);
  });

  it('marks a goal where a bar of that ratio would end', () => {
    const svg = drawChart([line(3, 1.5)]);
    const [, width] = bars(svg)[0] ?? [];
    const [, left = '', mark = ''] =
      /<rect class="missed" x="(\d+)".*?class="goal" x1="([\d.]+)"/su.exec(svg) ?? [];
    assert.equal(Number(mark) - Number(left), (width ?? 0) / 2);
  });

  it('says each name and figure as text, whatever is in it', () => {
    const svg = drawChart([line(1.5, 1, 'a < b & c')]);
    assert.ok(svg.includes('>a &#60; b &#38; c</text>'));
    assert.ok(svg.includes('>1.5 &#62; 1</text>'));
  });

  it('is in the docs as the lines beside it say', () => {
    const lines = readFileSync(join(PICTURES, 'bench.jsonl'), 'utf8').split('\n').filter(Boolean);
    const svg = readFileSync(join(PICTURES, 'bench.svg'), 'utf8');
    assert.equal(svg, drawChart(lines.map((text) => JSON.parse(text) as Measured)));
  });
});
