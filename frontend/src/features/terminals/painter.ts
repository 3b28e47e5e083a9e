import type { Terminal } from '@xterm/xterm';
import { toDisposable } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

/**
 * Lets the graphics card draw a terminal while it is shown; without one, or when the card drops it, xterm.js draws with elements,
 * which looks the same. Browsers allow a page few such contexts, so a terminal that is not shown holds none.
 */
export function paintWithGraphicsCard(terminal: Terminal): Disposable {
  let isWanted = true;
  let addon: Disposable | null = null;
  const giveBack = (): void => {
    isWanted = false;
    addon?.dispose();
    addon = null;
  };
  if (canPaint()) {
    void import('@xterm/addon-webgl').then(
      ({ WebglAddon }) => {
        if (!isWanted) return;
        const webgl = new WebglAddon();
        webgl.onContextLoss(giveBack);
        try {
          terminal.loadAddon(webgl);
          addon = webgl;
        } catch {
          webgl.dispose();
        }
      },
      () => undefined,
    );
  }
  return toDisposable(giveBack);
}

let isCapable: boolean | null = null;

/** Whether there is a card at all: one that the processor imitates is slower than drawing with elements. */
function canPaint(): boolean {
  if (isCapable === null) {
    const probe = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
    isCapable = probe !== null;
    probe?.getExtension('WEBGL_lose_context')?.loseContext();
  }
  return isCapable;
}
