/** Whether the browser (and the frame, if this page is in one) allows it. */
export function canFillScreen(): boolean {
  return document.fullscreenEnabled;
}

/** In full screen the browser's own shortcuts may belong to the desktop, where the browser can do that. */
export async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
      return;
    }
    await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
    await keyboardOf(navigator)?.lock?.();
  } catch {
    // The browser refused; everything is as it was.
  }
}

export function watchFullScreen(told: (isFull: boolean) => void): void {
  document.addEventListener('fullscreenchange', () => told(document.fullscreenElement !== null));
}

/** Keyboard Lock is known to Chromium only, and in secure contexts. */
function keyboardOf(browser: Navigator): { lock?: () => Promise<void> } | undefined {
  return (browser as Navigator & { keyboard?: { lock?: () => Promise<void> } }).keyboard;
}
