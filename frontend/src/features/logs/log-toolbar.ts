import { h, setAttribute } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { Observable } from '../../base/observable.js';
import { button, setDisabledReason } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import type { IconName } from '../../ui/icon.js';
import { openMenu } from '../../ui/menu.js';
import type { LogSettings } from './log-settings.js';

const NO_LOG = 'There is no log yet: it has not run.';

export interface ToolbarHost {
  clear(): void;
  goTo(): void;
  /** Addresses of the log that is shown and of all that are kept; null while there is none. */
  downloads(): { shown: string; all: string; run: number } | null;
}

/** What can be done with the log that is shown, beside the search. */
export class LogToolbar implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly download = h(
    'a',
    { class: 'button is-quiet is-icon', download: true, 'data-testid': 'log-download' },
    icon('download'),
  );
  private readonly more = button({
    label: 'More',
    icon: 'more',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'log-more',
    attributes: { 'aria-haspopup': 'menu' },
    onClick: () => this.openMore(),
  });
  readonly element: HTMLElement;

  constructor(
    private readonly settings: LogSettings,
    private readonly host: ToolbarHost,
    search: HTMLElement,
  ) {
    this.element = h(
      'div',
      { class: 'log-tools' },
      search,
      this.toggle('Times of the lines', 'clock', 'log-times', settings.hasTimes),
      this.toggle('Wrap long lines', 'wrap', 'log-wrap', settings.isWrapped),
      button({
        label: 'Clear view (the file stays)',
        icon: 'clear',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'log-clear',
        onClick: () => host.clear(),
      }),
      this.download,
      this.more,
    );
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Another log is shown, or there is one now. */
  refresh(): void {
    const addresses = this.host.downloads();
    const label = addresses ? `Download the log of run ${String(addresses.run)}` : 'Download the log';
    setAttribute(this.download, 'href', addresses?.shown);
    setAttribute(this.download, 'aria-label', label);
    setDisabledReason(this.download, addresses ? null : NO_LOG, label);
  }

  private toggle(label: string, name: IconName, testId: string, choice: Observable<boolean>): HTMLElement {
    const onClick = (): void => choice.set(!choice.value);
    const element = button({ label, icon: name, isIconOnly: true, kind: 'quiet', testId, onClick });
    this.resources.add(choice.watch((isOn) => setAttribute(element, 'aria-pressed', String(isOn))));
    return element;
  }

  private openMore(): void {
    const addresses = this.host.downloads();
    const disabledReason = addresses ? null : NO_LOG;
    openMenu(this.more, 'Log', [
      {
        label: 'Go to a time or place…',
        icon: 'clock',
        shortcut: 'g',
        disabledReason,
        testId: 'log-go',
        run: () => this.host.goTo(),
      },
      {
        label: 'Download all runs',
        icon: 'download',
        disabledReason,
        testId: 'log-download-all',
        run: () => addresses && location.assign(addresses.all),
      },
      'separator',
      this.sizeItem('Larger text', 1, '+'),
      this.sizeItem('Smaller text', -1, '−'),
      this.sizeItem('Usual text size', 0, '0'),
    ]);
  }

  private sizeItem(label: string, step: 1 | -1 | 0, shortcut: string) {
    const testId = `log-size-${step > 0 ? 'larger' : step < 0 ? 'smaller' : 'usual'}`;
    return { label, icon: 'text-size', shortcut, testId, run: () => this.settings.changeSize(step) } as const;
  }
}
