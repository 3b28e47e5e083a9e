/** A sample of a metric. */
export interface MetricSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;

/**
 * Reads Prometheus's text format and is as strict as its own tools: every metric has one HELP and one TYPE before its
 * samples, its samples stand together, and no series comes twice.
 * @throws Error that shows the line that is wrong
 */
export function parseMetrics(text: string): MetricSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const seen = new Set<string>();
  const types = new Map<string, string>();
  const samples: MetricSample[] = [];
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, word = '', name = '', rest = ''] = COMMENT.exec(line) ?? [];
    if (word === 'HELP') {
      if (seen.has(name)) throw new Error(`${name} comes twice`);
      seen.add((current = name));
    } else if (word === 'TYPE') {
      if (name !== current || !/^(counter|gauge)$/.test(rest)) throw new Error(`wrong type: ${line}`);
      types.set(name, rest);
    } else {
      const sample = parseSample(line);
      if (sample.name !== current || !types.has(current)) throw new Error(`out of its place: ${line}`);
      if (types.get(current) === 'counter' && !current.endsWith('_total'))
        throw new Error(`no counter's name: ${line}`);
      const series = line.slice(0, line.lastIndexOf(' '));
      if (seen.has(series) && series !== current) throw new Error(`twice: ${line}`);
      seen.add(series);
      samples.push(sample);
    }
  }
  return samples;
}

function parseSample(line: string): MetricSample {
  const [, name, labelText = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (name === undefined || !/^([+-]Inf|NaN|-?\d+(\.\d+)?(e[+-]?\d+)?)$/.test(value))
    throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labelText.length) {
    const [, label, content = ''] = LABEL.exec(labelText) ?? [];
    if (label === undefined || label in labels) throw new Error(`wrong labels: ${line}`);
    labels[label] = content.replace(/\\(.)/g, (_all, mark: string) => (mark === 'n' ? '\n' : mark));
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

/** Value of the first sample with that name and those labels. */
export function valueOf(
  samples: MetricSample[],
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const fits = (sample: MetricSample) =>
    sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
  return samples.find(fits)?.value;
}
