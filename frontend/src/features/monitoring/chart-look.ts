import type uPlot from 'uplot';
import type { ChartLine } from './chart-line.js';

/** Colours as a canvas understands them. */
export interface Palette {
  lines: readonly string[];
  fills: readonly string[];
  grid: string;
  text: string;
}

const COLOURS = 4;
/** The library’s enumeration of sides exists in its types only, so its number stands here. */
const AT_THE_RIGHT: object = { side: 1 };
/** Nearer to the left edge than this a time would lie over the lowest figure. */
const LABEL_ROOM_PX = 14;
const FONT = '10px ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace';

/** Reads the tokens of the present theme; a canvas knows no custom properties. */
export function paletteOf(owner: HTMLElement): Palette {
  const probe = document.createElement('i');
  owner.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const numbers = Array.from({ length: COLOURS }, (_, index) => String(index + 1));
  const palette = {
    lines: numbers.map((number) => read(`--chart-${number}`)),
    fills: numbers.map((number) => read(`--chart-${number}-soft`)),
    grid: read('--line'),
    text: read('--text-faint'),
  };
  probe.remove();
  return palette;
}

/** Time below, figures at the left, and at the right where there are two kinds. */
export function axesOf(
  lines: readonly ChartLine[],
  scales: readonly string[],
  palette: () => Palette,
): uPlot.Axis[] {
  const look = { stroke: () => palette().text, font: FONT, ticks: { show: false } };
  const figures = scales.map((scale, index): uPlot.Axis => {
    const format = lines.find((line) => (line.scale ?? 'y') === scale)?.format ?? String;
    return {
      ...look,
      scale,
      ...(index === 0 ? {} : AT_THE_RIGHT),
      size: 46,
      gap: 4,
      // The middle and the top: more would be noise at this height.
      splits: (_plot, _axis, _least, most) => [0, most / 2, most],
      values: (_plot, splits) => splits.map((value, at) => (at === 1 ? '' : format(value))),
      grid: index === 0 ? { stroke: () => palette().grid, width: 1 } : { show: false },
    };
  });
  return [
    {
      ...look,
      size: 18,
      gap: 2,
      space: 70,
      grid: { show: false },
      values: (plot, splits) =>
        splits.map((at) => (plot.valToPos(at, 'x') < LABEL_ROOM_PX ? '' : clockTime(at))),
    },
    ...figures,
  ];
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
