import type { Instance } from '../../../../src/contracts/instance.js';
import type { LogAppended } from '../../../../src/contracts/events.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import type { Api } from '../../net/api.js';
import type { EventStream } from '../../net/events.js';
import { button, setDisabledReason } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import type { ToolView } from '../../ui/tool-view.js';
import { LogScreen } from './log-screen.js';
import { LogSource } from './log-source.js';
import { LogView } from './log-view.js';
import { SearchBar } from './search-bar.js';

const FRAME_BUDGET_MS = 9;
const LINES_FOLLOWED = 5_000;
const LINES_READ = 20_000;

/** The log of one instance: follows its output, finds in it, goes back in it. */
export class LogPanel implements ToolView<Instance> {
  private readonly resources = new DisposableStore();
  private screen = new LogScreen();
  private source = this.newSource(0);
  private readonly view = new LogView(this.screen);
  private readonly search = new SearchBar(
    this.view,
    () => this.screen,
    () => this.source.hasOlder,
  );
  private readonly run = h('span', { class: 'log-run', 'data-testid': 'log-run' });
  private readonly following = h('span', { class: 'log-following', 'data-testid': 'log-following' });
  private readonly jump = button({
    label: 'Jump to end',
    icon: 'end',
    testId: 'log-jump',
    onClick: () => this.view.jumpToEnd(),
  });
  private readonly older = button({
    label: 'Show earlier text',
    icon: 'chevron-up',
    kind: 'quiet',
    testId: 'log-older',
    onClick: () => void this.loadOlder(),
  });
  private readonly empty = h('p', { class: 'log-empty' });
  private readonly download = h(
    'a',
    {
      class: 'button is-quiet is-icon',
      download: true,
      'aria-label': 'Download the whole log',
      'data-tip': 'Download the whole log',
      'data-testid': 'log-download',
    },
    icon('download'),
  );
  private readonly wrap = button({
    label: 'Wrap long lines',
    icon: 'wrap',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'log-wrap',
    onClick: () => this.setWrap(!this.isWrapped),
  });
  private isWrapped = readPreference('log.wrap') !== 'off';
  private frame: number | null = null;
  private shown: Instance | null = null;

  readonly toolbar = h(
    'div',
    { class: 'log-tools' },
    this.search.element,
    this.wrap,
    button({
      label: 'Clear view (the file stays)',
      icon: 'clear',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'log-clear',
      onClick: () => this.clear(),
    }),
    this.download,
  );
  readonly element = h(
    'div',
    { class: 'log-panel', 'data-testid': 'log-panel' },
    this.view.element,
    this.empty,
    h('div', { class: 'log-status' }, this.following, this.run),
    this.jump,
  );

  constructor(
    private readonly api: Api,
    private readonly events: EventStream,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.view.element.prepend(this.older);
    this.setWrap(this.isWrapped);
    this.resources.add(this.view);
    this.resources.add(this.search);
    this.resources.add(this.view.isFollowing.watch((is) => this.showFollowing(is)));
    this.resources.add(this.view.reachedTop.on(() => void this.loadOlder()));
    this.resources.add(this.view.changed.on(() => this.afterChange()));
    this.resources.defer(() => this.events.follow(null));
    this.resources.defer(() => this.frame !== null && cancelAnimationFrame(this.frame));
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Follows the log of an instance; the same one again only brings its words up to date. */
  show(instance: Instance): void {
    const isSame = this.shown?.id === instance.id;
    this.shown = instance;
    if (!isSame) this.begin(instance);
    this.showState();
  }

  focusSearch(): void {
    this.search.focus();
  }

  private begin(instance: Instance): void {
    this.screen = new LogScreen();
    this.source = this.newSource(instance.id);
    this.view.setScreen(this.screen);
    this.search.reset();
    const { source } = this;
    this.events.follow({
      instanceId: instance.id,
      resumeOffset: () => source.resumeOffset(this.shown?.run ?? 0),
      onPiece: (piece) => this.accept(source, piece),
    });
  }

  private newSource(id: number): LogSource {
    return new LogSource(this.screen, (offset, limit, run) => this.api.logs(id, offset, limit, run));
  }

  private accept(source: LogSource, piece: LogAppended): void {
    source.accept(piece);
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  /** One frame's worth: the rest waits for the next one, so that a flood leaves the page usable. */
  private draw(): void {
    this.frame = null;
    const hasMore = this.source.drain(FRAME_BUDGET_MS);
    this.view.update();
    this.showState();
    if (hasMore) this.frame = requestAnimationFrame(() => this.draw());
  }

  private async loadOlder(): Promise<void> {
    const { source } = this;
    try {
      this.screen.setLineLimit(LINES_READ);
      const count = await source.loadOlder();
      if (count > 0 && source === this.source) this.view.showOlder();
    } catch (error) {
      this.onFailure(error);
    }
  }

  private clear(): void {
    this.screen.clear();
    this.view.jumpToEnd();
    this.source.forgetOlder();
    this.showState();
  }

  private setWrap(isWrapped: boolean): void {
    this.isWrapped = isWrapped;
    writePreference('log.wrap', isWrapped ? 'on' : 'off');
    setAttribute(this.wrap, 'aria-pressed', String(isWrapped));
    this.view.element.classList.toggle('is-wrapped', isWrapped);
    if (this.view.isFollowing.value) this.view.jumpToEnd();
  }

  private showFollowing(isFollowing: boolean): void {
    this.screen.setLineLimit(isFollowing ? LINES_FOLLOWED : LINES_READ);
    this.jump.hidden = isFollowing;
    this.following.hidden = !isFollowing;
    setText(this.following, 'following');
  }

  private afterChange(): void {
    this.search.refreshSoon();
    const below = this.view.hiddenBelow;
    const label = this.jump.querySelector('span');
    if (label) setText(label, below > 0 ? `Jump to end (${plural(below, 'more line')})` : 'Jump to end');
  }

  private showState(): void {
    const run = this.source.run ?? this.shown?.run ?? 0;
    setText(this.run, run > 0 ? `run ${String(run)}` : 'not run yet');
    this.offerDownload(run > 0);
    this.older.hidden = !this.source.hasOlder;
    const isEmpty = this.screen.endId === this.screen.firstId;
    this.empty.hidden = !isEmpty;
    if (isEmpty) setText(this.empty, emptyText(this.shown, run, this.source.run !== null));
  }

  private offerDownload(hasRun: boolean): void {
    const { shown } = this;
    setAttribute(this.download, 'href', shown && hasRun ? this.api.logDownloadUrl(shown.id) : null);
    setDisabledReason(
      this.download,
      hasRun ? null : 'There is no log yet: it has not run.',
      'Download the whole log',
    );
  }
}

function emptyText(instance: Instance | null, run: number, hasPiece: boolean): string {
  if (!instance) return '';
  if (run === 0) return `${instance.name} has not run yet. Its output appears here once it is started.`;
  return hasPiece ? 'Nothing to show. New output appears here.' : 'No output yet.';
}
