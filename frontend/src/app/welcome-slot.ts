import { h } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';

/** The place of the welcome. What fills it is fetched when there is nobody to show yet: most visits never see it. */
export class WelcomeSlot implements Disposable {
  readonly element = h('div', { hidden: true });
  private readonly resources = new DisposableStore();

  /** @param fetch gives the welcome, or tells the operator why it cannot and gives null */
  constructor(private readonly fetch: () => Promise<(Disposable & { element: HTMLElement }) | null>) {}

  show(isShown: boolean): void {
    this.element.hidden = !isShown;
    if (isShown && !this.element.firstChild) void this.fill();
  }

  dispose(): void {
    this.resources.dispose();
  }

  private async fill(): Promise<void> {
    const content = await this.fetch();
    if (content === null) return;
    // Asked for twice while it was on its way.
    if (this.element.firstChild) content.dispose();
    else this.element.append(this.resources.add(content).element);
  }
}
