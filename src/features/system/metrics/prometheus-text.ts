/** Kinds of the text format (prometheus.io, "Exposition formats"). */
export type MetricType = 'counter' | 'gauge';

export type Labels = Readonly<Record<string, string | number>>;

/** The content type that goes with the text. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Writes metrics in Prometheus's text format, version 0.0.4. */
export class PrometheusText {
  private readonly lines: string[] = [];

  /**
   * Adds a metric with all its samples; a value of null is not known and left out, and so is a metric without samples.
   * @param name ends in its unit (`_bytes`, `_seconds`), a counter's in `_total`
   */
  add(
    name: string,
    type: MetricType,
    help: string,
    samples: Iterable<readonly [Labels, number | null]>,
  ): void {
    const lines: string[] = [];
    for (const [labels, value] of samples) {
      if (value !== null) lines.push(`${name}${labelText(labels)} ${numberText(value)}`);
    }
    if (lines.length === 0) return;
    this.lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines);
  }

  /** Adds a metric of one sample without labels. */
  one(name: string, type: MetricType, help: string, value: number | null): void {
    this.add(name, type, help, [[{}, value]]);
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Backslash, quote and line feed are all that the format asks to be escaped in a value. */
function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}

/** As Go's ParseFloat reads it. */
function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
