import { h } from '../../base/dom.js';

/** Applications that stay loaded while others are looked at. */
const MOST_FRAMES = 4;

/** What applications need; not among it: leading the dashboard away. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals allow-pointer-lock';
const FEATURES = 'clipboard-read; clipboard-write; fullscreen; autoplay; gamepad';

/** What is looked at of an instance. */
export type Surface = 'application' | 'desktop';

interface Frame {
  id: number;
  element: HTMLIFrameElement;
  url: string;
  run: number;
}

/** The embedded applications and desktops, each in a frame that is kept until it ends or others need the room. */
export class Frames {
  readonly element = h('div', { class: 'view-frames' });
  private readonly frames = new Map<string, Frame>();

  /** Brings one to the front; one of another run or address begins anew. */
  show(id: number, surface: Surface, url: string, run: number, title: string): void {
    const key = keyOf(id, surface);
    const frame = this.frameOf(key, id, url, run);
    frame.element.title = title;
    this.frames.delete(key);
    this.frames.set(key, frame);
    for (const [other, { element }] of this.frames) element.hidden = other !== key;
    this.dropOldest();
  }

  get(id: number, surface: Surface): HTMLIFrameElement | null {
    return this.frames.get(keyOf(id, surface))?.element ?? null;
  }

  hideAll(): void {
    for (const { element } of this.frames.values()) element.hidden = true;
  }

  drop(id: number, surface: Surface): void {
    this.dropKey(keyOf(id, surface));
  }

  keepOnly(isKept: (id: number) => boolean): void {
    for (const [key, { id }] of [...this.frames]) if (!isKept(id)) this.dropKey(key);
  }

  private dropKey(key: string): void {
    this.frames.get(key)?.element.remove();
    this.frames.delete(key);
  }

  private frameOf(key: string, id: number, url: string, run: number): Frame {
    const present = this.frames.get(key);
    if (present?.url === url && present.run === run) return present;
    this.dropKey(key);
    const element = h('iframe', {
      class: 'view-frame',
      src: url,
      sandbox: SANDBOX,
      allow: FEATURES,
      'data-testid': 'view-frame',
      'data-id': id,
    });
    this.element.append(element);
    return { id, element, url, run };
  }

  private dropOldest(): void {
    while (this.frames.size > MOST_FRAMES) {
      const [oldest] = this.frames.keys();
      if (oldest === undefined) return;
      this.dropKey(oldest);
    }
  }
}

function keyOf(id: number, surface: Surface): string {
  return `${surface} ${String(id)}`;
}
