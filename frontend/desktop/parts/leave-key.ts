/** Where F6 leads. */
export interface Ways {
  isEmbedded: boolean;
  toBar: () => void;
  isAtBar: () => boolean;
  toScreen: () => void;
}

/**
 * A desktop takes every key, so one has to lead out: F6 to the dashboard that shows this page, or else to the bar and back;
 * with Shift to the bar everywhere. (The panel of keys sends an F6 to the desktop.)
 */
export function watchLeaveKey({ isEmbedded, toBar, isAtBar, toScreen }: Ways): void {
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isEmbedded && !event.shiftKey) window.top?.postMessage({ aikore: 'leave' }, '*');
      else if (isAtBar()) toScreen();
      else toBar();
    },
    { capture: true },
  );
}
