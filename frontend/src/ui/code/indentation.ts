const USUAL = '    ';
const LINES_READ = 2000;

/** The step by which a text is indented: a tab, or as many spaces as most of its steps have; four when it does not say. */
export function detectIndent(text: string): string {
  const counts = new Map<string, number>();
  let previous = 0;
  for (const line of text.split('\n', LINES_READ)) {
    const lead = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (line.trim() === '') continue;
    const step = lead.length - previous;
    previous = lead.length;
    if (lead.startsWith('\t')) count(counts, '\t');
    else if (step >= 2 && step <= 8) count(counts, ' '.repeat(step));
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best?.[0] ?? USUAL;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
