import type { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';
import type { Disposable } from '../../base/lifecycle.js';

/**
 * Lets the graphics card draw a terminal while it is shown; without one, or when the card drops it, xterm.js draws with elements,
 * which looks the same. Browsers allow a page few such contexts, so a terminal that is not shown holds none.
 */
export class GraphicsPainter implements Disposable {
  private isWanted = true;
  private addon: WebglAddon | null = null;

  /** @param onChange letters have another width now */
  constructor(
    private readonly terminal: Terminal,
    private readonly onChange: () => void,
  ) {
    if (canPaint()) {
      // Where its code does not come the elements go on.
      void import('@xterm/addon-webgl').then(
        (code) => this.begin(new code.WebglAddon()),
        () => undefined,
      );
    }
  }

  dispose(): void {
    this.isWanted = false;
    const { addon } = this;
    if (!addon) return;
    this.addon = null;
    this.terminal.options.letterSpacing = 0;
    addon.dispose();
  }

  /** To be called when letters changed their size. */
  adapt(): void {
    if (this.addon) this.terminal.options.letterSpacing = missingPixels(this.terminal);
  }

  private begin(addon: WebglAddon): void {
    if (!this.isWanted) return;
    addon.onContextLoss(() => {
      this.dispose();
      this.onChange();
    });
    try {
      this.terminal.loadAddon(addon);
    } catch {
      addon.dispose();
      return;
    }
    this.addon = addon;
    this.adapt();
    this.onChange();
  }
}

/** The addon cuts the width of letters to whole pixels of the device, which crams those that are nearly one wider. */
function missingPixels(terminal: Terminal): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return 0;
  context.font = `${String(terminal.options.fontSize)}px ${String(terminal.options.fontFamily)}`;
  const width = context.measureText('W').width * window.devicePixelRatio;
  return Math.round(width) - Math.floor(width);
}

let isCapable: boolean | null = null;

/** Whether there is a card at all: one that the processor imitates is slower than drawing with elements. */
function canPaint(): boolean {
  if (isCapable === null) {
    const canvas = document.createElement('canvas');
    const probe = canvas.getContext('webgl2', { failIfMajorPerformanceCaveat: true });
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
