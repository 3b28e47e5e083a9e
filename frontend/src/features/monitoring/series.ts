import { windowOf } from '../../domain/time-window.js';
import type { ChartData } from './chart.js';
import type { FigureHistory } from './figure-history.js';

/** Cuts what a chart shows out of the history. */
export class Series {
  spanMs = 0;
  /** End of the window; the server's time. */
  private toMs = 0;

  constructor(private readonly history: FigureHistory) {}

  /** The window ends with the newest point. */
  advance(): void {
    this.toMs = this.history.timesMs.at(-1) ?? Date.now();
  }

  /** Data of some columns, each multiplied by a number where one is given. */
  of(...wishes: readonly { name: string; factor?: number }[]): ChartData {
    const fromMs = this.toMs - this.spanMs;
    const columns = wishes.map(({ name, factor = 1 }) => ({ values: this.history.column(name), factor }));
    const cut = windowOf(this.history.timesMs, columns, fromMs);
    return { ...cut, fromSeconds: fromMs / 1000, toSeconds: this.toMs / 1000 };
  }
}
