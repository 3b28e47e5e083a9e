import uPlot from 'uplot';
import { h, setAttribute } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { extent } from '../../domain/time-window.js';
import { ChartTip, nearIndex } from './chart-tip.js';
import { axesOf, paletteOf } from './chart-look.js';
import type { ChartLine } from './chart-line.js';
import type { Palette } from './chart-look.js';

export interface ChartOptions {
  label: string;
  lines: readonly ChartLine[];
  /** Of the first line's scale: the most, where it is known; else what there is decides. */
  most: () => number | null;
  /** Round figures are those of 1024. */
  isBytes?: boolean;
}

export interface ChartData {
  seconds: number[];
  columns: (number | null)[][];
  fromSeconds: number;
  toSeconds: number;
}

const HEIGHT = 76;
const NOTHING: ChartData = { seconds: [], columns: [], fromSeconds: 0, toSeconds: 1 };

/** Lines over time on a canvas. It draws only while it can be seen; all charts of the page share their cursor. */
export class Chart implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly tip: ChartTip;
  private plot: uPlot | null = null;
  private palette: Palette | null = null;
  private data = NOTHING;
  private produce: () => ChartData = () => NOTHING;
  private isVisible = false;
  private isStale = false;
  /** Until then the window would not have moved by a pixel. */
  private dueMs = 0;

  constructor(private readonly options: ChartOptions) {
    this.element = h('div', {
      class: 'chart',
      role: 'group',
      tabindex: 0,
      'aria-label': options.label,
      'data-testid': 'chart',
    });
    this.tip = new ChartTip(options.lines, this.element);
    const seen = new IntersectionObserver((entries) => this.see(entries.at(-1)?.isIntersecting === true));
    seen.observe(this.element);
    const sized = new ResizeObserver(() => this.resize());
    sized.observe(this.element);
    this.resources.defer(() => seen.disconnect());
    this.resources.defer(() => sized.disconnect());
    this.resources.defer(() => this.plot?.destroy());
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    this.resources.add(listen(this.element, 'blur', () => this.leave()));
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** @param produce is only asked when it is drawn */
  show(produce: () => ChartData): void {
    this.produce = produce;
    this.isStale = true;
    if (this.isVisible && !document.hidden && performance.now() >= this.dueMs) this.draw();
  }

  /** What is shown next is another window or another thing: it is drawn at once. */
  hurry(): void {
    this.dueMs = 0;
  }

  /** The theme is another: its colours are read anew. */
  recolour(): void {
    this.palette = null;
    this.plot?.redraw(false, true);
  }

  private see(isVisible: boolean): void {
    this.isVisible = isVisible;
    if (isVisible && this.isStale) this.draw();
  }

  private resize(): void {
    const width = this.element.clientWidth;
    if (width > 0 && this.plot && this.plot.width !== width) this.plot.setSize({ width, height: HEIGHT });
    else if (width > 0 && !this.plot && this.isStale && this.isVisible) this.draw();
  }

  private draw(): void {
    const width = this.element.clientWidth;
    if (width === 0) return;
    this.isStale = false;
    this.data = this.produce();
    this.dueMs = performance.now() + ((this.data.toSeconds - this.data.fromSeconds) * 1000) / width;
    this.plot ??= this.build(width);
    this.plot.setData([this.data.seconds, ...this.data.columns]);
    setAttribute(this.element, 'aria-label', this.words());
    this.tip.refresh();
  }

  private colours(): Palette {
    this.palette ??= paletteOf(this.element);
    return this.palette;
  }

  private build(width: number): uPlot {
    const { lines, most } = this.options;
    const scales = [...new Set(lines.map((line) => line.scale ?? 'y'))];
    const plot = new uPlot(
      {
        width,
        height: HEIGHT,
        // The last time below the axis is whole where the present is: half of its word stands beyond.
        padding: [6, scales.length > 1 ? 0 : 18, 0, 0],
        legend: { show: false },
        cursor: {
          y: false,
          drag: { x: false, y: false },
          points: { size: 6 },
          dataIdx: (self, _series, closest, seconds) => nearIndex(self.data[0], closest, seconds),
          sync: { key: 'machine', setSeries: false },
        },
        scales: {
          x: { time: true, range: () => [this.data.fromSeconds, this.data.toSeconds] },
          ...Object.fromEntries(
            scales.map((scale, index) => [
              scale,
              {
                range: (_plot: uPlot, _least: number, highest: number): [number, number] => [
                  0,
                  (index === 0 ? most() : null) ?? roomFor(highest, this.options.isBytes === true),
                ],
              },
            ]),
          ),
        },
        axes: axesOf(lines, scales, () => this.colours()),
        series: [
          {},
          ...lines.map((line): uPlot.Series => ({
            label: line.label,
            scale: line.scale ?? 'y',
            width: 1.5,
            stroke: () => this.colours().lines[line.colour - 1] ?? '',
            ...(line.isFilled ? { fill: () => this.colours().fills[line.colour - 1] ?? '' } : {}),
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [(self) => this.tip.move(self)] },
      },
      [[], ...lines.map(() => [])],
      this.element,
    );
    this.tip.attach(plot);
    return plot;
  }

  /** What somebody who does not see it is told. */
  private words(): string {
    const parts = this.options.lines.map(({ label, format }, index) => {
      const found = extent(this.data.columns[index] ?? []);
      if (!found) return `${label} is not known`;
      const { latest, least, most } = found;
      return `${label} ${format(latest)}, between ${format(least)} and ${format(most)}`;
    });
    return `${this.options.label}: ${parts.join('; ')}`;
  }

  /** The arrows go from point to point, for who has no pointer. */
  private key(event: KeyboardEvent): void {
    const { plot } = this;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    const last = this.data.seconds.length - 1;
    if (!plot || step === undefined || last < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const present = plot.cursor.idx ?? last;
    const next = Math.min(last, Math.max(0, present + step));
    const left = plot.valToPos(this.data.seconds[next] ?? 0, 'x');
    this.tip.isPointed = true;
    plot.setCursor({ left, top: 10 });
  }

  private leave(): void {
    this.tip.isPointed = false;
    this.plot?.setCursor({ left: -10, top: -10 });
  }
}

/** A scale that does not change with every point. */
function roomFor(highest: number, isBytes: boolean): number {
  if (!Number.isFinite(highest) || highest <= 0) return 1;
  const prefix = isBytes ? 1024 ** Math.floor(Math.log2(highest) / 10) : 1;
  const unit = 10 ** Math.floor(Math.log10(highest / prefix)) * prefix;
  const steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
  return unit * (steps.find((step) => step * unit >= highest * 1.05) ?? 12);
}
