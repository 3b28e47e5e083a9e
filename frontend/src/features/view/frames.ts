import { h } from '../../base/dom.js';

/** Applications that stay loaded while others are looked at. */
const MOST_FRAMES = 4;

/** What applications need; not among it: leading the dashboard away. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals allow-pointer-lock';
const FEATURES = 'clipboard-read; clipboard-write; fullscreen; autoplay; gamepad';

interface Frame {
  element: HTMLIFrameElement;
  url: string;
  run: number;
}

/** The embedded applications, each in a frame that is kept until it ends or others need the room. */
export class Frames {
  readonly element = h('div', { class: 'view-frames' });
  private readonly frames = new Map<number, Frame>();

  /** Brings an application to the front; one of another run or address begins anew. */
  show(id: number, url: string, run: number, title: string): HTMLIFrameElement {
    const frame = this.frameOf(id, url, run);
    frame.element.title = title;
    this.frames.delete(id);
    this.frames.set(id, frame);
    for (const [other, { element }] of this.frames) element.hidden = other !== id;
    this.dropOldest();
    return frame.element;
  }

  get(id: number): HTMLIFrameElement | null {
    return this.frames.get(id)?.element ?? null;
  }

  hideAll(): void {
    for (const { element } of this.frames.values()) element.hidden = true;
  }

  drop(id: number): void {
    this.frames.get(id)?.element.remove();
    this.frames.delete(id);
  }

  keepOnly(isKept: (id: number) => boolean): void {
    for (const id of [...this.frames.keys()]) if (!isKept(id)) this.drop(id);
  }

  private frameOf(id: number, url: string, run: number): Frame {
    const present = this.frames.get(id);
    if (present?.url === url && present.run === run) return present;
    this.drop(id);
    const element = h('iframe', {
      class: 'view-frame',
      src: url,
      sandbox: SANDBOX,
      allow: FEATURES,
      'data-testid': 'view-frame',
      'data-id': id,
    });
    this.element.append(element);
    return { element, url, run };
  }

  private dropOldest(): void {
    while (this.frames.size > MOST_FRAMES) {
      const [oldest] = this.frames.keys();
      if (oldest === undefined) return;
      this.drop(oldest);
    }
  }
}
