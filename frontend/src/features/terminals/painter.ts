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
    const probe = document
      .createElement('canvas')
      .getContext('webgl2', { failIfMajorPerformanceCaveat: true });
    isCapable = probe !== null && !isImitated(probe);
    probe?.getExtension('WEBGL_lose_context')?.loseContext();
  }
  return isCapable;
}

/** Not every browser admits that there is no card: the names of the programs that stand in for one do. */
function isImitated(context: WebGL2RenderingContext): boolean {
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name));
}
