import { toDisposable } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

/**
 * Keeps the foot of an element above the on-screen keyboard where the keyboard covers the page instead of making it smaller
 * (Safari). The covered height is in `--covered`.
 */
export function stayAboveKeyboard(element: HTMLElement): Disposable {
  const viewport = window.visualViewport;
  if (!viewport) return toDisposable(() => undefined);
  const adapt = (): void => {
    // Zoomed with two fingers the visible part is smaller too, and no keyboard is to blame.
    const isZoomed = viewport.scale > 1.05;
    const covered = isZoomed ? 0 : Math.max(0, window.innerHeight - viewport.height - viewport.offsetTop);
    element.style.setProperty('--covered', `${String(Math.round(covered))}px`);
  };
  viewport.addEventListener('resize', adapt);
  viewport.addEventListener('scroll', adapt);
  adapt();
  return toDisposable(() => {
    viewport.removeEventListener('resize', adapt);
    viewport.removeEventListener('scroll', adapt);
  });
}
