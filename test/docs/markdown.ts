/** What a test needs of a page in Markdown: its links, its headings' anchors, its code. */

/** Code that stands by itself. */
export interface CodeBlock {
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** `null` for one that is indented: on our pages those are commands. */
  readonly language: string | null;
  readonly lines: readonly string[];
}

/** Something within a line, with the line that it begins in. */
export interface Found {
  readonly line: number;
  readonly text: string;
}

export interface Markdown {
  readonly blocks: readonly CodeBlock[];
  /** Code within a sentence. */
  readonly spans: readonly Found[];
  /** Of links and pictures, as they are written. */
  readonly targets: readonly Found[];
  /** As GitHub names them. */
  readonly anchors: ReadonlySet<string>;
}

const FENCE = /^\s*```(\w*)/u;
const INDENTED = /^ {4,}\S/u;
const SPAN = /`([^`]+)`/gu;
const TARGETS = [/\]\(\s*<?([^)\s>]+)[^)]*\)/gu, /^\[[^\]]+\]:\s*(\S+)/gmu, /\b(?:src|href)="([^"]*)"/gu];

export function readMarkdown(text: string): Markdown {
  const { prose, blocks } = partCode(text.split('\n'));
  const words = prose.join('\n');
  // A span may hold what looks like a link.
  const spoken = words.replaceAll(SPAN, (span) => span.replaceAll(/[^\n]/gu, '.'));
  return {
    blocks,
    spans: findAll(words, SPAN).map(({ line, text: span }) => ({
      line,
      text: span.replaceAll(/\s+/gu, ' '),
    })),
    targets: TARGETS.flatMap((pattern) => findAll(spoken, pattern)),
    anchors: anchorsOf(prose),
  };
}

/** The lines without code, emptied where it was, and the code. */
function partCode(lines: readonly string[]): { prose: string[]; blocks: CodeBlock[] } {
  const blocks: CodeBlock[] = [];
  const prose = [...lines];
  for (let at = 0; at < lines.length; at++) {
    const fence = FENCE.exec(lines[at] ?? '');
    const isIndented = INDENTED.test(lines[at] ?? '') && (at === 0 || lines[at - 1]?.trim() === '');
    if (!fence && !isIndented) continue;
    const first = fence ? at + 1 : at;
    let end = first;
    const goesOn = (line: string): boolean => (fence ? !FENCE.test(line) : INDENTED.test(line));
    while (end < lines.length && goesOn(lines[end] ?? '')) end += 1;
    blocks.push({
      line: first + 1,
      language: fence ? (fence[1] ?? '') : null,
      lines: lines.slice(first, end).map((line) => line.trim()),
    });
    const last = fence ? end : end - 1;
    prose.fill('', at, last + 1);
    at = last;
  }
  return { prose, blocks };
}

function findAll(text: string, pattern: RegExp): Found[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    line: text.slice(0, match.index).split('\n').length,
    text: match[1] ?? '',
  }));
}

function anchorsOf(prose: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const line of prose) {
    const heading = /^#{1,6}\s+(.+?)\s*#*$/u.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let name = anchor;
    for (let again = 1; anchors.has(name); again++) name = `${anchor}-${again}`;
    anchors.add(name);
  }
  return anchors;
}
