import type { Terminal } from '@xterm/xterm';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

/** Less than this is a tap that trembles. */
const SLOP_PIXELS = 6;
/** What is left of the speed of a finger that let go, after each millisecond. */
const GLIDE_PER_MS = 0.9965;
const SLOWEST_PIXELS_PER_MS = 0.03;
/** A finger that rested before it let go does not throw. */
const REST_MS = 60;

/**
 * Scrolls a terminal with a finger, for xterm.js listens to wheels only. Lines of the past follow the finger and glide on;
 * programs that fill the screen get what a wheel would send them: arrow keys, or reports where they asked for the mouse.
 */
export function scrollByTouch(terminal: Terminal, element: HTMLElement): Disposable {
  const finger = new Finger(terminal, element);
  const resources = new DisposableStore();
  resources.add(listen(element, 'touchstart', (event) => finger.start(event), { passive: true }));
  resources.add(listen(element, 'touchmove', (event) => finger.move(event), { passive: false }));
  resources.add(listen(element, 'touchend', () => finger.end(), { passive: true }));
  resources.add(listen(element, 'touchcancel', () => finger.stop(), { passive: true }));
  resources.defer(() => finger.stop());
  return resources;
}

class Finger {
  private lastY: number | null = null;
  private isScrolling = false;
  private lastMs = 0;
  private pixelsPerMs = 0;
  /** Way that is not a whole line yet. */
  private restPixels = 0;
  private frame: number | null = null;

  constructor(
    private readonly terminal: Terminal,
    private readonly element: HTMLElement,
  ) {}

  start({ touches, timeStamp }: TouchEvent): void {
    this.stop();
    this.lastY = touches.length === 1 ? (touches[0]?.clientY ?? null) : null;
    this.lastMs = timeStamp;
    this.restPixels = 0;
  }

  move(event: TouchEvent): void {
    const touch = event.touches[0];
    if (this.lastY === null || !touch || event.touches.length > 1) return;
    const pixels = this.lastY - touch.clientY;
    if (!this.isScrolling && Math.abs(pixels) < SLOP_PIXELS) return;
    this.isScrolling = true;
    if (event.cancelable) event.preventDefault();
    this.pixelsPerMs = pixels / Math.max(1, event.timeStamp - this.lastMs);
    this.lastY = touch.clientY;
    this.lastMs = event.timeStamp;
    this.scroll(pixels, touch.clientX, touch.clientY);
  }

  end(): void {
    const { isScrolling } = this;
    this.lastY = null;
    this.isScrolling = false;
    const isThrown = performance.now() - this.lastMs < REST_MS;
    if (isScrolling && isThrown && this.hasPast) this.glide(performance.now());
  }

  stop(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    this.lastY = null;
    this.isScrolling = false;
    this.pixelsPerMs = 0;
  }

  /** Whether scrolling shows what was; otherwise the program decides on what it means. */
  private get hasPast(): boolean {
    return this.terminal.buffer.active.type === 'normal' && this.terminal.modes.mouseTrackingMode === 'none';
  }

  private scroll(pixels: number, clientX: number, clientY: number): void {
    if (this.hasPast) this.scrollPast(pixels);
    else {
      const wheel = { deltaY: pixels, clientX, clientY, bubbles: true, cancelable: true };
      this.screen?.dispatchEvent(new WheelEvent('wheel', wheel));
    }
  }

  private scrollPast(pixels: number): void {
    const height = this.screen?.clientHeight ?? 0;
    if (height === 0) return;
    const lineHeight = height / this.terminal.rows;
    const way = this.restPixels + pixels;
    const lines = Math.trunc(way / lineHeight);
    this.restPixels = way - lines * lineHeight;
    if (lines !== 0) this.terminal.scrollLines(lines);
  }

  private get screen(): Element | null {
    return this.element.querySelector('.xterm-screen');
  }

  private glide(beforeMs: number): void {
    this.frame = requestAnimationFrame((nowMs) => {
      const passedMs = Math.max(0, nowMs - beforeMs);
      this.scrollPast(this.pixelsPerMs * passedMs);
      this.pixelsPerMs *= GLIDE_PER_MS ** passedMs;
      if (Math.abs(this.pixelsPerMs) > SLOWEST_PIXELS_PER_MS) this.glide(nowMs);
      else this.stop();
    });
  }
}
