/** A picture of the bench's lines: a bar for each ratio, with a mark at its goal. Plain SVG that follows the reader's light or dark. */
import type { Measured } from './measure.ts';

const WIDTH = 900;
const ROW = 44;
const TOP = 56;
const LEFT = 24;
const SPAN = WIDTH - 2 * LEFT - 96;

const STYLE = `
    text { font: 14px system-ui, sans-serif; fill: #1f2933 }
    .title { font-weight: 600; font-size: 16px }
    .quiet { fill: #52606d; font-size: 12px }
    .kept { fill: #2f855a }
    .missed { fill: #b7791f }
    .plain { fill: #627d98 }
    .goal { stroke: #1f2933; stroke-width: 2 }
    .track { fill: #e4e7eb }
    .sheet { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f4f8 }
      .quiet { fill: #bcccdc }
      .kept { fill: #48bb78 }
      .missed { fill: #ecc94b }
      .plain { fill: #9fb3c8 }
      .goal { stroke: #f0f4f8 }
      .track { fill: #334155 }
      .sheet { fill: #0f172a }
    }
  `;

/** Each line has a bar as long as its ratio; one that misses its goal has another colour and says so. */
export function drawChart(lines: readonly Measured[]): string {
  const height = TOP + lines.length * ROW + 12;
  const most = Math.max(1, ...lines.flatMap(({ ratio, goal }) => [ratio, goal ?? 0]));
  const rows = lines.map((line, row) => drawRow(line, TOP + row * ROW, SPAN / most));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">`,
    '  <title id="title">Staycode beside its peers: ratio of each contest and its goal</title>',
    `  <style>${STYLE}</style>`,
    `  <rect class="sheet" width="${WIDTH}" height="${height}"/>`,
    `  <text class="title" x="${LEFT}" y="24">ours ÷ peer, lower is better</text>`,
    `  <text class="quiet" x="${LEFT}" y="42">the mark is the goal</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function drawRow({ name, ratio, goal }: Measured, top: number, scale: number): string {
  const missed = goal !== null && ratio > goal;
  const kind = goal === null ? 'plain' : missed ? 'missed' : 'kept';
  const bar = top + 18;
  const told = goal === null ? String(ratio) : `${ratio} ${missed ? '>' : '≤'} ${goal}`;
  const at = (value: number): string => (LEFT + value * scale).toFixed(1);
  const mark =
    goal === null
      ? ''
      : `<line class="goal" x1="${at(goal)}" x2="${at(goal)}" y1="${bar - 3}" y2="${bar + 15}"/>`;
  return [
    `  <text x="${LEFT}" y="${top + 12}">${escaped(name)}</text>`,
    `  <rect class="track" x="${LEFT}" y="${bar}" width="${SPAN}" height="12" rx="2"/>`,
    `  <rect class="${kind}" x="${LEFT}" y="${bar}" width="${(ratio * scale).toFixed(1)}" height="12" rx="2"/>${mark}`,
    `  <text x="${LEFT + SPAN + 12}" y="${bar + 11}">${escaped(told)}</text>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>]/gu, (char) => `&#${char.codePointAt(0) ?? 0};`);
}
