const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 48;
const HEIGHT = 16;
const MOST_POINTS = 40;

/** A line of the last values, 0–1, newest at the right. Decorative: the figure beside it says the number. */
export class Sparkline {
  readonly element = document.createElementNS(SVG, 'svg');
  private readonly area = document.createElementNS(SVG, 'path');
  private readonly line = document.createElementNS(SVG, 'path');

  constructor() {
    this.element.setAttribute('class', 'sparkline');
    this.element.setAttribute('viewBox', `0 0 ${String(WIDTH)} ${String(HEIGHT)}`);
    this.element.setAttribute('aria-hidden', 'true');
    this.area.setAttribute('class', 'sparkline-area');
    this.line.setAttribute('class', 'sparkline-line');
    this.element.append(this.area, this.line);
  }

  show(values: readonly number[]): void {
    const path = sparkPath(values);
    this.line.setAttribute('d', path);
    this.area.setAttribute(
      'd',
      path === '' ? '' : `${path}V${String(HEIGHT)}H${String(startX(values.length))}Z`,
    );
  }
}

function startX(count: number): number {
  return WIDTH - ((count - 1) * WIDTH) / (MOST_POINTS - 1);
}

/** The drawing of the values; a single one has no line. */
function sparkPath(values: readonly number[]): string {
  if (values.length < 2) return '';
  const step = WIDTH / (MOST_POINTS - 1);
  const start = startX(values.length);
  return values
    .map((value, index) => {
      const x = (start + index * step).toFixed(1);
      const y = (HEIGHT - 1 - value * (HEIGHT - 2)).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}
