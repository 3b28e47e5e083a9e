import type { Instance } from '../../../../src/contracts/instance.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { formatBytes, plural } from '../../base/format.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import { isActive } from '../../domain/status.js';
import { button } from '../../ui/button.js';
import type { ToolView } from '../../ui/tool-view.js';
import { FailureBar } from './failure-bar.js';
import type { FailureHost } from './failure-bar.js';
import { openGoDialog } from './go-dialog.js';
import { LogBrowser } from './log-browser.js';
import type { BrowserHost } from './log-browser.js';
import { LogFooter } from './log-footer.js';
import { LogSettings } from './log-settings.js';
import { LogToolbar } from './log-toolbar.js';
import { openRunMenu } from './runs/run-menu.js';
import { runName } from './runs/run-words.js';
import type { Place } from './screen/place.js';
import { SearchBar } from './search/search-bar.js';
import { LineTimes } from './times/line-times.js';
import { formatMoment } from './times/moment.js';
import type { Goal } from './times/moment.js';
import '../../ui/late-styles.js';

export type LogPanelHost = BrowserHost & FailureHost;

/** The logs of one instance: follows the latest, finds in all, goes anywhere in them. */
export class LogPanel implements ToolView<Instance> {
  private readonly resources = new DisposableStore();
  private readonly settings = new LogSettings();
  private readonly browser: LogBrowser;
  private readonly search: SearchBar;
  private readonly times: LineTimes;
  private readonly bar: LogToolbar;
  private readonly footer: LogFooter;
  private readonly failure: FailureBar;
  private readonly jump = button({
    label: 'Jump to end',
    icon: 'end',
    testId: 'log-jump',
    onClick: () => this.jumpToEnd(),
  });
  private readonly older = button({
    label: 'Show earlier text',
    icon: 'chevron-up',
    kind: 'quiet',
    testId: 'log-older',
    onClick: () => void this.browser.loadOlder(),
  });
  private readonly empty = h('p', { class: 'log-empty' });
  private shown: Instance | null = null;

  readonly toolbar: HTMLElement;
  readonly element: HTMLElement;

  constructor(private readonly host: LogPanelHost) {
    const { api } = host;
    this.browser = this.resources.add(new LogBrowser(host));
    const { view } = this.browser;
    this.search = this.resources.add(
      new SearchBar(view, {
        search: (wish) => api.searchLogs(this.id, wish),
        screen: () => this.browser.screen,
        run: () => this.browser.run,
        reveal: (place) => void this.browser.reveal(place),
        onFailure: (error) => host.onFailure(error),
      }),
    );
    this.times = this.resources.add(
      new LineTimes(view.list, {
        fetch: (run, offset, limit) => api.logTimes(this.id, run, offset, limit),
        screen: () => this.browser.screen,
        onFailure: (error) => host.onFailure(error),
      }),
    );
    this.bar = this.resources.add(
      new LogToolbar(
        this.settings,
        { clear: () => this.clear(), goTo: () => this.askWhere(), downloads: () => this.downloads() },
        this.search.element,
      ),
    );
    this.footer = new LogFooter({
      openRuns: (anchor) => void this.openRuns(anchor),
      goTo: () => this.askWhere(),
    });
    this.failure = new FailureBar(host);
    this.toolbar = this.bar.element;
    view.element.prepend(this.older);
    this.element = h(
      'div',
      { class: 'log-panel', 'data-testid': 'log-panel' },
      this.failure.element,
      h('div', { class: 'log-body' }, view.element, this.empty, this.jump),
      this.footer.element,
    );
    this.watch();
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Follows the log of an instance; the same one again only brings its words up to date. */
  show(instance: Instance): void {
    this.shown = instance;
    setAttribute(this.browser.view.element, 'aria-label', `Log of ${instance.name}`);
    this.browser.show(instance);
    this.refresh();
  }

  hide(): void {
    this.browser.hide();
  }

  focus(): void {
    this.browser.view.element.focus();
  }

  focusSearch(): void {
    this.search.focus();
  }

  private get id(): number {
    return this.shown?.id ?? 0;
  }

  private watch(): void {
    const { resources, settings, browser } = this;
    const { view } = browser;
    resources.add(view.isFollowing.watch((is) => this.footer.showFollowing(is)));
    resources.add(view.isFollowing.on(() => this.refresh()));
    resources.add(view.changed.on(() => this.search.refreshSoon()));
    resources.add(browser.changed.on(() => this.afterChange()));
    resources.add(browser.switched.on(() => this.afterSwitch()));
    resources.add(
      settings.isWrapped.watch((is) => this.layOut(() => this.element.classList.toggle('is-wrapped', is))),
    );
    resources.add(settings.hasTimes.watch((is) => this.layOut(() => this.times.setOn(is))));
    resources.add(
      settings.textSize.watch((size) =>
        this.layOut(() => view.element.style.setProperty('--log-size', `${String(size / 16)}rem`)),
      ),
    );
    resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
  }

  /** Lines change their heights; the one in view stays there. */
  private layOut(change: () => void): void {
    const { view, screen } = this.browser;
    const place = view.isFollowing.value ? null : (view.topLine?.place ?? null);
    change();
    const id = place && screen.idAt(place);
    if (id !== null) view.reveal(id, 'start');
    else if (view.isFollowing.value) view.jumpToEnd();
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select')) return;
    if (event.key === '/') this.search.focus();
    else if (event.key.toLowerCase() === 'n' && this.search.isActive)
      this.search.go(event.key === 'N' ? -1 : 1);
    else if (event.key === 'g') this.askWhere();
    else if (event.key === '+' || event.key === '=') this.settings.changeSize(1);
    else if (event.key === '-') this.settings.changeSize(-1);
    else if (event.key === '0') this.settings.changeSize(0);
    else return;
    event.preventDefault();
  }

  private clear(): void {
    this.browser.clear();
    this.refresh();
  }

  private jumpToEnd(): void {
    if (this.browser.isLatest) this.browser.goToEnd();
    else this.browser.openLatest();
    this.focus();
  }

  private async openRuns(anchor: HTMLElement): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    try {
      await openRunMenu(anchor, shown, this.browser.run, {
        runs: () => this.host.api.runs(shown.id),
        keptLogs: () => this.host.api.keptLogs(shown.id),
        choose: (run) => void this.browser.openRun(run),
      });
    } catch (error) {
      this.host.onFailure(error);
    }
  }

  private askWhere(): void {
    if (this.browser.run > 0) openGoDialog(Date.now(), (goal) => void this.goTo(goal));
  }

  private async goTo(goal: Goal): Promise<void> {
    try {
      await this.browser.go(() => this.find(goal), 'start');
    } catch (error) {
      this.host.onFailure(error);
    }
  }

  private async find(goal: Goal): Promise<Place | null> {
    const { run, source } = this.browser;
    if (goal.kind === 'moment') {
      const [entry] = (await this.host.api.logPlaceAt(this.id, run, goal.atMs)).entries;
      return entry ? { run, offset: entry.offset } : null;
    }
    const first = source.stored.firstKeptOf(run);
    const { size } = await this.host.api.logs(this.id, -1, 4, run);
    const offset = Math.floor(first + ((size - first) * goal.percent) / 100);
    return { run, offset: Math.max(first, Math.min(offset, size - 1)) };
  }

  private downloads(): { shown: string; all: string; run: number } | null {
    const { run } = this.browser;
    const { api } = this.host;
    if (!this.shown || run === 0) return null;
    return { shown: api.logDownloadUrl(this.id, run), all: api.logDownloadUrl(this.id, 'all'), run };
  }

  private afterSwitch(): void {
    this.times.reset();
    this.search.restart();
    this.refresh();
  }

  private afterChange(): void {
    this.times.refreshSoon();
    this.search.noteGrowth();
    this.refresh();
  }

  private refresh(): void {
    const { browser, shown } = this;
    const { run, isLatest, source } = browser;
    const isNow = isLatest && shown !== null && isActive(shown.status);
    this.footer.showRun(run > 0 ? runName(run, isLatest ? run : run + 1, isNow) : null);
    this.footer.showPlace(this.placeText(), run > 0 ? formatBytes(source.stored.sizeOf(run)) : '');
    this.failure.show(shown, isLatest);
    this.bar.refresh();
    this.older.hidden = !source.hasOlder || !browser.isEmpty;
    this.showJump();
    this.empty.hidden = !browser.isEmpty;
    if (browser.isEmpty) setText(this.empty, emptyText(shown, run, source.run !== null));
  }

  private showJump(): void {
    const { view, isLatest, source } = this.browser;
    this.jump.hidden = view.isFollowing.value;
    const label = this.jump.querySelector('span');
    if (!label || this.jump.hidden) return;
    const lines = view.linesBelow + source.missedLines;
    const rest = source.isAttached ? plural(lines, 'more line') : `${formatBytes(source.bytesBehind)} more`;
    const isMore = source.isAttached ? lines > 0 : source.bytesBehind > 0;
    if (isLatest) setText(label, isMore ? `Jump to end (${rest})` : 'Jump to end');
    else setText(label, `Back to run ${String(this.shown?.run ?? 0)}`);
  }

  /** How far down the log the upper edge is, and when that was printed. */
  private placeText(): string | null {
    const { view, source } = this.browser;
    const place = view.isFollowing.value ? null : (view.topLine?.place ?? null);
    if (place === null) return null;
    const first = source.stored.firstKeptOf(place.run);
    const size = source.stored.sizeOf(place.run) - first;
    const percent = size > 0 ? Math.min(100, ((place.offset - first) * 100) / size) : 0;
    const atMs = this.times.timeOf(place);
    const time = atMs === null ? '' : ` · ${formatMoment(atMs, Date.now())}`;
    return `${percent.toFixed(percent < 10 && percent > 0 ? 1 : 0)} %${time}`;
  }
}

function emptyText(instance: Instance | null, run: number, hasPiece: boolean): string {
  if (!instance) return '';
  if (run === 0) return `${instance.name} has not run yet. Its output appears here once it is started.`;
  return hasPiece ? 'Nothing to show. New output appears here.' : 'No output yet.';
}
