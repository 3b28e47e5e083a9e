import { cleanText, shorten } from './clean-text.js';

const START = '### AIKORE-METADATA-START ###';
const END = '### AIKORE-METADATA-END ###';
/** Only this much of a script is looked at. */
export const METADATA_SCAN_LENGTH = 64 * 1024;
const MAX_ENTRIES = 256;
const MAX_KEY_LENGTH = 80;

/** A line of the block: `# aikore.<key> = <value>`. */
const ENTRY = /^#+\s*aikore\.([^=]*)=(.*)$/i;
const KEY = /^[A-Za-z][A-Za-z0-9_.-]*$/;

/** What is wrong with a line. */
export interface MetadataProblem {
  /** From 1. */
  line: number;
  sentence: string;
}

export interface MetadataBlock {
  /** Keys without `aikore.`, as written; values cleaned. The last line wins where a key stands twice. */
  entries: Map<string, string>;
  /** Of each key, the line that counts; from 1. */
  lineOf: Map<string, number>;
  problems: MetadataProblem[];
}

/** Finds the metadata block anywhere in the first 64 KiB of a script and reads its lines; a script without one has none. */
export function readMetadataBlock(text: string): MetadataBlock {
  const block: MetadataBlock = { entries: new Map(), lineOf: new Map(), problems: [] };
  const lines = text
    .slice(0, METADATA_SCAN_LENGTH)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/^\uFEFF/, '').trim());
  const start = lines.indexOf(START);
  if (start < 0) return block;
  blockLines(lines, start + 1, block.problems).forEach((line, index) =>
    // From 1, and behind the line that begins the block.
    readLine(line, start + index + 2, block),
  );
  return block;
}

function blockLines(lines: string[], from: number, problems: MetadataProblem[]): string[] {
  const end = lines.indexOf(END, from);
  if (end >= 0) return lines.slice(from, end);
  problems.push({ line: from, sentence: `The metadata block has no end; close it with the line "${END}".` });
  const code = lines.findIndex((line, index) => index >= from && line !== '' && !line.startsWith('#'));
  return lines.slice(from, code < 0 ? undefined : code);
}

function readLine(text: string, line: number, { entries, lineOf, problems }: MetadataBlock): void {
  if (!/^#+\s*aikore\./i.test(text)) return;
  const [, rawKey = '', rawValue = ''] = ENTRY.exec(text) ?? [];
  const key = rawKey.trim();
  if (!KEY.test(key) || key.length > MAX_KEY_LENGTH) {
    const shown = shorten(cleanText(text), 60);
    problems.push({ line, sentence: `This line is not "# aikore.<key> = <value>": "${shown}".` });
    return;
  }
  if (entries.has(key))
    problems.push({ line, sentence: `The key "${key}" stands twice; the last one counts.` });
  else if (entries.size >= MAX_ENTRIES) return;
  entries.set(key, cleanText(rawValue));
  lineOf.set(key, line);
}
