/**
 * A QR code as one path, for the page to draw: it allows no picture that a script has written into its markup.
 * @module
 */
import encodeQR from 'qr';

export interface QrCode {
  /** Modules a side, with the quiet zone around. */
  readonly size: number;
  /** SVG path data of the dark modules, a module being one unit. */
  readonly path: string;
}

/** Modules that have to stay white around it. Source: ISO/IEC 18004, 6.3.8. */
const QUIET_MODULES = 4;

/** With as much correction as a screen needs that a thumb lies on. */
export function drawQrCode(text: string): QrCode {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES });
  const path = rows
    .flatMap((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`))
    .join('');
  return { size: rows.length, path };
}

/** Start and length of each run of dark modules in a row. */
function runsOf(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const [x, isDark] of row.entries()) {
    const last = runs.at(-1);
    if (!isDark) continue;
    if (last && last[0] + last[1] === x) last[1]++;
    else runs.push([x, 1]);
  }
  return runs;
}
