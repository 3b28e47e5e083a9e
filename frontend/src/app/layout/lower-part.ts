import { h, setAttribute } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { SplitDivider } from '../../ui/split.js';

export type LowerPane = 'tools' | 'monitor';

const USUAL_HEIGHT = 0.42;
const USUAL_WIDTH = 0.36;
const LEAST_HEIGHT_PX = 150;
const LEAST_WIDTH_PX = 300;

/**
 * What lies below the instances: tools at the left, monitoring at the right, a divider over them and one between them.
 * Where there is no room for two, the one that came last lies in front. Nothing is taken out of the page while it is open.
 */
export class LowerPart implements Disposable {
  readonly element = h('div', { class: 'lower' });
  private readonly resources = new DisposableStore();
  private readonly panes = new Map<LowerPane, HTMLElement>();
  private readonly horizontal: SplitDivider;
  private readonly vertical: SplitDivider;

  constructor(private readonly workspace: HTMLElement) {
    this.horizontal = this.resources.add(
      new SplitDivider(workspace, {
        label: 'Height of the instances and of what is below',
        orientation: 'horizontal',
        property: '--lower-share',
        share: remembered('tools.share', USUAL_HEIGHT),
        usualShare: USUAL_HEIGHT,
        leastPx: LEAST_HEIGHT_PX,
        testId: 'divider',
        onChange: (share) => writePreference('tools.share', share.toFixed(3)),
      }),
    );
    this.vertical = this.resources.add(
      new SplitDivider(this.element, {
        label: 'Width of the tools and of the monitoring',
        orientation: 'vertical',
        property: '--monitor-share',
        share: remembered('monitor.share', USUAL_WIDTH),
        usualShare: USUAL_WIDTH,
        leastPx: LEAST_WIDTH_PX,
        testId: 'divider-vertical',
        onChange: (share) => writePreference('monitor.share', share.toFixed(3)),
      }),
    );
  }

  dispose(): void {
    this.resources.dispose();
  }

  get front(): LowerPane | null {
    return (this.element.dataset['front'] as LowerPane | undefined) ?? null;
  }

  /** Puts a pane in, in front. */
  open(name: LowerPane, pane: HTMLElement): void {
    this.panes.set(name, pane);
    if (name === 'tools') this.element.prepend(pane);
    else this.element.append(pane);
    this.bringToFront(name);
    this.arrange();
  }

  close(name: LowerPane): void {
    this.panes.get(name)?.remove();
    this.panes.delete(name);
    const [left] = this.panes.keys();
    if (left) this.bringToFront(left);
    this.arrange();
  }

  bringToFront(name: LowerPane): void {
    setAttribute(this.element, 'data-front', name);
  }

  private arrange(): void {
    const isBoth = this.panes.size === 2;
    const isOpen = this.panes.size > 0;
    if (isBoth) this.panes.get('tools')?.after(this.vertical.element);
    else this.vertical.element.remove();
    if (isOpen && !this.element.isConnected) this.workspace.append(this.horizontal.element, this.element);
    if (!isOpen) {
      this.horizontal.element.remove();
      this.element.remove();
    }
    this.workspace.classList.toggle('has-lower', isOpen);
    this.element.classList.toggle('has-both', isBoth);
  }
}

function remembered(key: string, usual: number): number {
  const stored = readPreference(key);
  return stored === null ? usual : Number(stored);
}
