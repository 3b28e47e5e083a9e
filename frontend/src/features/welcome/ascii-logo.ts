import { h } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

const ART = [
  '    _    _ _  __               ',
  '   / \\  (_) |/ /___  _ __ ___  ',
  "  / _ \\ | | ' // _ \\| '__/ _ \\ ",
  ' / ___ \\| | . \\ (_) | | |  __/ ',
  '/_/   \\_\\_|_|\\_\\___/|_|  \\___| ',
] as const;

const CELL_WIDTH = 11;
const CELL_HEIGHT = 21;
const WAVE_PX = 5;
const FRAME_MS = 33;
const COLUMNS = Math.max(...ART.map((line) => line.length));

/** The logo in letters, in a slow wave through the colours; it stands still for who prefers less motion, or is not seen. */
export class AsciiLogo implements Disposable {
  readonly element = h('canvas', {
    class: 'ascii-logo',
    role: 'img',
    'aria-label': 'AiKore',
    'data-testid': 'ascii-logo',
  });
  private readonly resources = new DisposableStore();
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  private frame: number | null = null;
  private lastMs = 0;
  private isVisible = false;

  constructor() {
    const scale = Math.min(3, window.devicePixelRatio || 1);
    this.element.width = COLUMNS * CELL_WIDTH * scale;
    this.element.height = (ART.length * CELL_HEIGHT + WAVE_PX * 2) * scale;
    this.element.getContext('2d')?.scale(scale, scale);
    const observer = new IntersectionObserver((entries) =>
      this.setVisible(entries.at(-1)?.isIntersecting === true),
    );
    observer.observe(this.element);
    const onMotion = () => this.setVisible(this.isVisible);
    // Where it stands still, nothing else would draw it in the other theme's colours.
    const theme = new MutationObserver(onMotion);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.resources.defer(() => theme.disconnect());
    for (const query of [this.calm, window.matchMedia('(prefers-color-scheme: dark)')]) {
      query.addEventListener('change', onMotion);
      this.resources.defer(() => query.removeEventListener('change', onMotion));
    }
    this.resources.defer(() => observer.disconnect());
    this.resources.add(listen(document, 'visibilitychange', onMotion));
    this.resources.defer(() => this.stop());
  }

  dispose(): void {
    this.resources.dispose();
  }

  private setVisible(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.stop();
    if (!isVisible) return;
    this.draw(0);
    if (!this.calm.matches && !document.hidden)
      this.frame = requestAnimationFrame((nowMs) => this.tick(nowMs));
  }

  private tick(nowMs: number): void {
    if (nowMs - this.lastMs >= FRAME_MS) {
      this.lastMs = nowMs;
      this.draw(nowMs / 1000);
    }
    this.frame = requestAnimationFrame((nextMs) => this.tick(nextMs));
  }

  private stop(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
  }

  private draw(seconds: number): void {
    const context = this.element.getContext('2d');
    if (!context) return;
    // What the theme comes to: `color-scheme` names both where the system decides.
    const isDark = isLight(getComputedStyle(this.element).color);
    context.clearRect(0, 0, COLUMNS * CELL_WIDTH, ART.length * CELL_HEIGHT + WAVE_PX * 2);
    context.font = `600 18px ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace`;
    context.textBaseline = 'top';
    for (const [row, line] of ART.entries()) this.drawLine(context, line, row, seconds, isDark ? 72 : 42);
  }

  private drawLine(
    context: CanvasRenderingContext2D,
    line: string,
    row: number,
    seconds: number,
    lightness: number,
  ): void {
    for (let column = 0; column < line.length; column += 1) {
      const letter = line.charAt(column);
      if (letter === ' ') continue;
      const hue = 225 + 60 * Math.sin(column * 0.11 - seconds * 0.9 + row * 0.15);
      const lift = seconds === 0 ? 0 : Math.sin(column * 0.35 - seconds * 2.2) * WAVE_PX;
      context.fillStyle = `hsl(${hue.toFixed(0)} 75% ${String(lightness)}%)`;
      context.fillText(letter, column * CELL_WIDTH, row * CELL_HEIGHT + WAVE_PX + lift);
    }
  }
}

const MIDDLE = 128;

/** Whether a computed colour, such as `rgb(29, 29, 51)`, is a light one. */
function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return (red + green + blue) / 3 > MIDDLE;
}
