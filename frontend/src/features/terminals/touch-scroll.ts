import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

/** Less than this is a tap that trembles. */
const SLOP_PIXELS = 6;

/**
 * Scrolls a terminal with a finger. xterm.js listens to wheels only; turning the finger's way into a wheel's does what is right
 * for each program: lines of the past, arrow keys in a pager, reports where the mouse is asked for.
 */
export function scrollByTouch(element: HTMLElement): Disposable {
  const resources = new DisposableStore();
  let lastY: number | null = null;
  let isScrolling = false;
  resources.add(
    listen(
      element,
      'touchstart',
      ({ touches }) => {
        lastY = touches.length === 1 ? (touches[0]?.clientY ?? null) : null;
        isScrolling = false;
      },
      { passive: true },
    ),
  );
  resources.add(
    listen(
      element,
      'touchmove',
      (event) => {
        const touch = event.touches[0];
        if (lastY === null || !touch || event.touches.length > 1) return;
        const deltaY = lastY - touch.clientY;
        if (!isScrolling && Math.abs(deltaY) < SLOP_PIXELS) return;
        isScrolling = true;
        lastY = touch.clientY;
        if (event.cancelable) event.preventDefault();
        const { clientX, clientY } = touch;
        const wheel = { deltaY, clientX, clientY, bubbles: true, cancelable: true };
        (event.target ?? element).dispatchEvent(new WheelEvent('wheel', wheel));
      },
      { passive: false },
    ),
  );
  return resources;
}
