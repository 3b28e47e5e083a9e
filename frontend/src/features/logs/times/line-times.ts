import { formatMoment } from './moment.js';
import type { Line } from '../screen/line.js';
import type { LogScreen } from '../screen/log-screen.js';
import type { Place } from '../screen/place.js';
import type { LineList } from '../view/line-list.js';
import { RunTimes } from './run-times.js';
import type { FetchTimes } from './run-times.js';

/** While output flows, times follow it at this pace. */
const PERIOD_MS = 400;

export interface LineTimesHost {
  fetch: FetchTimes;
  screen(): LogScreen;
  onFailure(error: unknown): void;
}

/** Puts the time in front of each line of a list, while somebody wants it. */
export class LineTimes {
  private runs = new Map<number, RunTimes>();
  private isOn = false;
  private timer: number | null = null;
  /** Lines changed while times were on their way. */
  private isStale = false;

  constructor(
    private readonly list: LineList,
    private readonly host: LineTimesHost,
  ) {}

  setOn(isOn: boolean): void {
    this.isOn = isOn;
    this.list.setGutter(isOn ? (line) => this.textOf(line) : null);
    this.refreshSoon(0);
  }

  /** Another log is shown. */
  reset(): void {
    this.runs = new Map();
  }

  /** Other lines are in the page. */
  refreshSoon(delayMs = PERIOD_MS): void {
    this.isStale = true;
    if (!this.isOn || this.timer !== null) return;
    this.timer = window.setTimeout(() => void this.refresh(), delayMs);
  }

  dispose(): void {
    this.isOn = false;
    if (this.timer !== null) window.clearTimeout(this.timer);
  }

  /** When a place was printed, as far as it is known. */
  timeOf(place: Place): number | null {
    return this.runs.get(place.run)?.at(place.offset) ?? null;
  }

  private textOf({ place }: Line): string | null {
    const atMs = place && this.timeOf(place);
    return atMs === null ? null : formatMoment(atMs, Date.now());
  }

  private async refresh(): Promise<void> {
    this.isStale = false;
    try {
      for (const [run, { from, to }] of this.stretches()) {
        let times = this.runs.get(run);
        if (!times) this.runs.set(run, (times = new RunTimes(run, this.host.fetch)));
        await times.cover(from, to);
      }
      this.list.refreshGutter();
    } catch (error) {
      this.host.onFailure(error);
    } finally {
      this.timer = null;
    }
    this.goOn();
  }

  private goOn(): void {
    if (this.isStale) this.refreshSoon();
  }

  /** What is in the page, by runs; ends are exclusive. */
  private stretches(): Map<number, { from: number; to: number }> {
    const found = new Map<number, { from: number; to: number }>();
    const screen = this.host.screen();
    for (let id = this.list.from; id < this.list.to; id += 1) {
      const place = screen.line(id)?.place;
      if (!place) continue;
      const stretch = found.get(place.run);
      if (stretch) stretch.to = place.offset + 1;
      else found.set(place.run, { from: place.offset, to: place.offset + 1 });
    }
    return found;
  }
}
