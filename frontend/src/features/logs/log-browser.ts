import type { LogAppended } from '../../../../src/contracts/events.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Emitter } from '../../base/observable.js';
import type { Api } from '../../net/api.js';
import type { EventStream } from '../../net/events.js';
import { LogSource } from './log-source.js';
import { OneAtATime } from './one-at-a-time.js';
import { LogScreen } from './screen/log-screen.js';
import type { Place } from './screen/place.js';
import { LogView } from './view/log-view.js';

/** Drawing takes no more of a frame: the page stays usable in a flood. */
const FRAME_BUDGET_MS = 9;

export interface BrowserHost {
  api: Api;
  events: EventStream;
  onFailure(error: unknown): void;
}

/** Leads through the logs of an instance: follows the latest, shows earlier runs, goes to any place of either. */
export class LogBrowser implements Disposable {
  screen = new LogScreen();
  source = this.newSource(0, null);
  readonly view = new LogView(this.screen, () => this.source.isAtLiveEnd);
  /** Another run or instance is shown. */
  readonly switched = new Emitter<void>();
  /** Lines were printed, or other ones came into the page. */
  readonly changed = new Emitter<void>();
  private readonly resources = new DisposableStore();
  /** Ways to other places: the one begun last counts, however long those before it take. */
  private readonly moves = new OneAtATime();
  private instance: Instance | null = null;
  private frame: number | null = null;
  private isHidden = false;
  /** The view was cleared: what lies before comes back only when it is asked for. */
  private isCleared = false;

  constructor(private readonly host: BrowserHost) {
    this.resources.add(this.view);
    this.resources.add(this.view.isFollowing.watch((isFollowing) => this.source.setReading(!isFollowing)));
    this.resources.add(this.view.reachedTop.on(() => void this.loadOlder()));
    this.resources.add(this.view.reachedBottom.on(() => void this.loadNewer()));
    this.resources.add(this.view.changed.on(() => this.changed.fire()));
    this.resources.add(this.view.moved.on(() => this.changed.fire()));
    this.resources.add(
      this.view.wantedEnd.on((end) => (end === 'first' ? void this.goToStart() : this.goToEnd())),
    );
    this.resources.defer(() => host.events.follow(null));
    this.resources.defer(() => this.frame !== null && cancelAnimationFrame(this.frame));
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Number of the run that is shown, 0 before the first. */
  get run(): number {
    return this.source.pinnedRun ?? this.source.run ?? this.instance?.run ?? 0;
  }

  /** Whether it is the latest one's log that is shown, which may still grow. */
  get isLatest(): boolean {
    return this.source.pinnedRun === null;
  }

  get isEmpty(): boolean {
    return this.screen.endId === this.screen.firstId;
  }

  /** Shows the log of an instance; of the same one again it goes on where it was left. */
  show(instance: Instance): void {
    const isOther = this.instance?.id !== instance.id;
    this.instance = instance;
    if (isOther) this.openLatest();
    else if (this.isHidden && this.isLatest) this.subscribe();
    this.isHidden = false;
  }

  /** Nobody looks: the server need not send anything. */
  hide(): void {
    this.isHidden = true;
    this.host.events.follow(null);
  }

  /** Follows the latest run from its end on. */
  openLatest(): void {
    this.moves.giveUp();
    this.followLatest();
  }

  /** Shows a run from its end on. */
  async openRun(run: number): Promise<void> {
    if (run === this.instance?.run) this.openLatest();
    else await this.openPinned({ run, offset: Number.MAX_SAFE_INTEGER }, 'end', this.moves.giveUp());
  }

  /** Brings a place into view that has to be found first, unless something else is wanted meanwhile. */
  async go(find: () => Promise<Place | null>, block: ScrollLogicalPosition): Promise<void> {
    const isCurrent = this.moves.giveUp();
    const place = await find();
    if (place !== null && isCurrent()) await this.reveal(place, block);
  }

  /** Brings a place into view, in whichever run. */
  async reveal(place: Place, block: ScrollLogicalPosition = 'center'): Promise<void> {
    const isCurrent = this.moves.giveUp();
    if (!this.source.holds(place)) {
      const belongsHere = place.run === (this.source.pinnedRun ?? this.instance?.run);
      if (!belongsHere && place.run !== this.instance?.run) {
        await this.openPinned(place, block, isCurrent);
        return;
      }
      if (!belongsHere) this.followLatest();
      if (!(await this.open(place, isCurrent))) return;
    }
    const id = this.screen.idAt(place);
    this.view.reveal(id ?? this.screen.firstId, block);
  }

  async goToStart(): Promise<void> {
    await this.reveal({ run: this.run, offset: this.source.stored.firstKeptOf(this.run) }, 'start');
  }

  goToEnd(): void {
    if (!this.isLatest) void this.openRun(this.run);
    else {
      this.moves.giveUp();
      if (!this.source.isAttached) this.source.openEnd();
      this.view.jumpToEnd();
    }
  }

  /** Takes what is shown out of the view; the file stays. */
  clear(): void {
    this.isCleared = true;
    this.screen.clear();
    this.source.forgetOlder();
    this.view.jumpToEnd();
  }

  /** Fetches what was printed before. */
  async loadOlder(): Promise<void> {
    const { source } = this;
    await this.guarded(async () => {
      const count = await source.loadOlder();
      if (count > 0 && source === this.source) this.view.showOlder();
    });
  }

  private async loadNewer(): Promise<void> {
    const { source } = this;
    await this.guarded(async () => {
      await source.loadNewer();
      if (source === this.source) this.view.showNewer();
    });
  }

  private followLatest(): void {
    this.replace(null);
    this.view.setScreen(this.screen);
    this.subscribe();
    this.switched.fire();
  }

  private async openPinned(
    place: Place,
    block: ScrollLogicalPosition,
    isCurrent: () => boolean,
  ): Promise<void> {
    this.host.events.follow(null);
    this.replace(place.run);
    this.view.setScreen(this.screen);
    this.view.letGo(true);
    this.switched.fire();
    if (!(await this.open(place, isCurrent))) return;
    this.view.reveal(this.screen.idAt(place) ?? this.screen.endId - 1, block);
  }

  /** @returns whether it is still wanted */
  private async open(place: Place, isCurrent: () => boolean): Promise<boolean> {
    const { source } = this;
    this.view.letGo(true);
    await this.guarded(() => source.openAt(place));
    return source === this.source && isCurrent();
  }

  private replace(pinnedRun: number | null): void {
    this.screen = new LogScreen();
    this.source = this.newSource(this.instance?.id ?? 0, pinnedRun);
    this.isCleared = false;
  }

  private newSource(id: number, pinnedRun: number | null): LogSource {
    const source: LogSource = new LogSource(
      this.screen,
      {
        fetchLog: (offset, limit, run) => this.host.api.logs(id, offset, limit, run),
        subscribe: () => source === this.source && this.subscribe(),
        onReady: () => source === this.source && this.drawSoon(),
      },
      pinnedRun,
    );
    return source;
  }

  private subscribe(): void {
    const { instance, source } = this;
    if (!instance) return;
    this.host.events.follow({
      instanceId: instance.id,
      resumeOffset: () => source.resumeOffset(this.instance?.run ?? 0),
      onPiece: (piece) => this.accept(source, piece),
    });
  }

  private accept(source: LogSource, piece: LogAppended): void {
    source.accept(piece);
    if (source === this.source) this.drawSoon();
  }

  private drawSoon(): void {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  /** One frame's worth; the rest waits for the next one. */
  private draw(): void {
    this.frame = null;
    const hasMore = this.source.drain(FRAME_BUDGET_MS);
    this.view.update();
    this.changed.fire();
    if (hasMore) this.drawSoon();
    else if (this.view.hasRoom && this.source.hasOlder && !this.isCleared) void this.loadOlder();
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.host.onFailure(error);
    }
  }
}
