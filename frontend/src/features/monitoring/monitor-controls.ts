import { h } from '../../base/dom.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { RANGES, REFRESH_SECONDS } from '../../domain/time-window.js';
import { Segments } from '../../ui/segments.js';

const RANGE = 'monitor.range';
const REFRESH = 'monitor.refresh';
const USUAL_RANGE_MS = 900_000;
const USUAL_REFRESH = 2;

/** How far back, and how often; both remembered. */
export class MonitorControls {
  private span = remembered(
    RANGE,
    RANGES.map(({ spanMs }) => spanMs),
    USUAL_RANGE_MS,
  );
  private refresh = remembered(REFRESH, REFRESH_SECONDS, USUAL_REFRESH);
  readonly element: HTMLElement;

  constructor(private readonly onChange: () => void) {
    const ranges = new Segments<number>(
      'Range',
      RANGES.map(({ label, spanMs }) => ({
        value: spanMs,
        label,
        testId: `range-${String(spanMs / 60_000)}`,
      })),
      (spanMs) => this.setSpan(spanMs),
    );
    ranges.show(this.span);
    this.element = h('div', { class: 'monitor-controls' }, ranges.element, this.refreshSelect());
  }

  get spanMs(): number {
    return this.span;
  }

  /** 0: paused. */
  get refreshSeconds(): number {
    return this.refresh;
  }

  private refreshSelect(): HTMLSelectElement {
    const select = h(
      'select',
      { class: 'input monitor-refresh', 'aria-label': 'Refresh', 'data-testid': 'monitor-refresh' },
      ...REFRESH_SECONDS.map((seconds) =>
        h(
          'option',
          { value: seconds, selected: seconds === this.refresh },
          seconds === 0 ? 'Paused' : `every ${String(seconds)} s`,
        ),
      ),
    );
    select.addEventListener('change', () => this.setRefresh(Number(select.value)));
    return select;
  }

  private setSpan(spanMs: number): void {
    this.span = spanMs;
    writePreference(RANGE, String(spanMs));
    this.onChange();
  }

  private setRefresh(seconds: number): void {
    this.refresh = seconds;
    writePreference(REFRESH, String(seconds));
    this.onChange();
  }
}

function remembered(key: string, allowed: readonly number[], usual: number): number {
  const value = Number(readPreference(key) ?? Number.NaN);
  return allowed.includes(value) ? value : usual;
}
