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

export interface MetadataBlock {
  /** Keys without `aikore.`, as written; values cleaned. The last line wins where a key stands twice. */
  entries: Map<string, string>;
  problems: string[];
}

/** Finds the metadata block anywhere in the first 64 KiB of a script and reads its lines; a script without one has none. */
export function readMetadataBlock(text: string): MetadataBlock {
  const block: MetadataBlock = { entries: new Map(), problems: [] };
  const lines = text
    .slice(0, METADATA_SCAN_LENGTH)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/^\uFEFF/, '').trim());
  const start = lines.indexOf(START);
  if (start < 0) return block;
  for (const line of blockLines(lines, start + 1, block.problems)) readLine(line, block);
  return block;
}

function blockLines(lines: string[], from: number, problems: string[]): string[] {
  const end = lines.indexOf(END, from);
  if (end >= 0) return lines.slice(from, end);
  problems.push(`The metadata block has no end; close it with the line "${END}".`);
  const code = lines.findIndex((line, index) => index >= from && line !== '' && !line.startsWith('#'));
  return lines.slice(from, code < 0 ? undefined : code);
}

function readLine(line: string, block: MetadataBlock): void {
  if (!/^#+\s*aikore\./i.test(line)) return;
  const [, rawKey = '', rawValue = ''] = ENTRY.exec(line) ?? [];
  const key = rawKey.trim();
  if (!KEY.test(key) || key.length > MAX_KEY_LENGTH) {
    block.problems.push(`This line is not "# aikore.<key> = <value>": "${shorten(cleanText(line), 60)}".`);
    return;
  }
  if (block.entries.has(key)) block.problems.push(`The key "${key}" stands twice; the last one counts.`);
  else if (block.entries.size >= MAX_ENTRIES) return;
  block.entries.set(key, cleanText(rawValue));
}
