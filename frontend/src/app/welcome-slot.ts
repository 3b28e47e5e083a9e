import { h } from '../base/dom.js';
import type { Lazy } from '../base/lazy.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import type { welcome } from '../features/welcome/welcome.js';
import { reportFailure } from '../state/report-error.js';
import type { NoticeStore } from '../state/notices.js';

/** The place of the welcome. What fills it is fetched when there is nobody to show yet: most visits never see it. */
export class WelcomeSlot implements Disposable {
  readonly element = h('div', { hidden: true });
  private readonly resources = new DisposableStore();

  constructor(
    private readonly late: Lazy<{ welcome: typeof welcome }>,
    private readonly notices: NoticeStore,
    /** Opens the form for a new instance. */
    private readonly create: (blueprint: string | null) => void,
  ) {}

  show(isShown: boolean): void {
    this.element.hidden = !isShown;
    if (!isShown || this.element.firstChild) return;
    this.fill().catch((error: unknown) => reportFailure(this.notices, error));
  }

  dispose(): void {
    this.resources.dispose();
  }

  private async fill(): Promise<void> {
    const late = await this.late.get();
    // It may have been asked for twice while it was on its way.
    if (this.element.firstChild) return;
    this.element.append(this.resources.add(late.welcome({ create: this.create })).element);
  }
}
