import { describe, expect, it } from '@jest/globals';
import { PrometheusText } from './prometheus-text.js';

describe("Prometheus's text format", () => {
  it('has help, type and samples', () => {
    const text = new PrometheusText();
    text.one('a_total', 'counter', 'How many.', 3);
    text.add('b_bytes', 'gauge', 'How much.', [
      [{ id: 1, instance: 'x' }, 1.5],
      [{ id: 2, instance: 'y' }, null],
    ]);
    expect(text.toString()).toBe(
      [
        '# HELP a_total How many.',
        '# TYPE a_total counter',
        'a_total 3',
        '# HELP b_bytes How much.',
        '# TYPE b_bytes gauge',
        'b_bytes{id="1",instance="x"} 1.5',
        '',
      ].join('\n'),
    );
  });

  it('escapes what would end a value or a line', () => {
    const text = new PrometheusText();
    text.add('a', 'gauge', 'back\\slash\nline', [[{ name: 'q"b\\n\nend' }, 1]]);
    expect(text.toString()).toBe(
      '# HELP a back\\\\slash\\nline\n# TYPE a gauge\na{name="q\\"b\\\\n\\nend"} 1\n',
    );
  });

  it('writes numbers as Go reads them, and leaves out what has no sample', () => {
    const text = new PrometheusText();
    text.add('a', 'gauge', 'h', [
      [{ n: 1 }, Infinity],
      [{ n: 2 }, -Infinity],
      [{ n: 3 }, NaN],
      [{ n: 4 }, 1e21],
    ]);
    text.one('b', 'gauge', 'h', null);
    expect(text.toString().split('\n').slice(2)).toEqual([
      'a{n="1"} +Inf',
      'a{n="2"} -Inf',
      'a{n="3"} NaN',
      'a{n="4"} 1e+21',
      '',
    ]);
  });
});
