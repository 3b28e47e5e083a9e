import type { Instance } from '../../../../src/contracts/instance.js';
import type { StatsHistory, SystemStats } from '../../../../src/contracts/system.js';
import { h, setText } from '../../base/dom.js';
import { DisposableStore, listen, toDisposable } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { Observable } from '../../base/observable.js';
import type { ConnectionState } from '../../net/events.js';
import type { InstanceStore } from '../../state/instances.js';
import type { SystemStore } from '../../state/system.js';
import { button } from '../../ui/button.js';
import { ConsumerList } from './consumer-list.js';
import { FigureHistory } from './figure-history.js';
import { GpuSection } from './gpu-section.js';
import { InstanceCard } from './instance-card.js';
import { MachineCards } from './machine-cards.js';
import { MonitorControls } from './monitor-controls.js';
import { Series } from './series.js';
import '../../ui/late-styles.js';

export interface MonitoringHost {
  system: SystemStore;
  instances: InstanceStore;
  connection: Observable<ConnectionState>;
  /** Hears when another theme is chosen. */
  onTheme(run: () => void): Disposable;
  /** Chosen in the table or by opening its tools. */
  chosen: Observable<Instance | null>;
  /** @throws ApiError */
  history(instanceId: number | null): Promise<StatsHistory>;
  reveal(id: number): void;
}

/** An event comes a little earlier or later than two seconds after the last one. */
const SLACK_MS = 500;

/** The machine and what takes it: figures of now, and an hour of them as charts. */
export class MonitoringView implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly history = new FigureHistory();
  private readonly series = new Series(this.history);
  private readonly controls = new MonitorControls(() => this.draw());
  private readonly machine = this.resources.add(new MachineCards(this.series));
  private readonly gpus = this.resources.add(new GpuSection(this.series));
  private readonly own = this.resources.add(new InstanceCard(this.series));
  private readonly consumers: ConsumerList;
  private readonly state = h('p', { class: 'monitor-state', hidden: true, 'data-testid': 'monitor-state' });
  private readonly retry = h(
    'div',
    { class: 'monitor-state', hidden: true, 'data-testid': 'monitor-no-history' },
    h('span', null, 'What was before could not be loaded; figures of now go on. '),
    button({ label: 'Try again', kind: 'quiet', onClick: () => void this.loadHistory() }),
  );
  readonly toolbar = this.controls.element;
  readonly element: HTMLElement;
  private chosenId: number | null;
  private drawnMs = -Infinity;
  private loads = 0;

  constructor(private readonly host: MonitoringHost) {
    this.consumers = new ConsumerList({
      nameOf: (id) => host.instances.get(id)?.name ?? null,
      choose: (id) => this.choose(id, true),
    });
    this.element = h(
      'div',
      { class: 'monitor-content', 'data-testid': 'monitor-content' },
      this.state,
      this.retry,
      this.machine.element,
      this.gpus.element,
      this.consumers.element,
      this.own.element,
    );
    this.chosenId = host.chosen.value?.id ?? null;
    this.watch();
    void this.loadHistory();
  }

  dispose(): void {
    this.loads += 1;
    this.resources.dispose();
  }

  private watch(): void {
    const { system, connection, chosen, instances } = this.host;
    this.resources.add(system.stats.watch((stats) => stats && this.take(stats)));
    this.resources.add(connection.on((state) => this.onConnection(state)));
    this.resources.add(chosen.on((instance) => instance && this.choose(instance.id, false)));
    this.resources.add(this.host.onTheme(() => this.recolour()));
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => this.recolour();
    dark.addEventListener('change', recolour);
    this.resources.add(toDisposable(() => dark.removeEventListener('change', recolour)));
    this.resources.add(listen(document, 'visibilitychange', () => !document.hidden && this.draw()));
    this.resources.add(
      instances.on((change) => {
        if (change.kind === 'reset' || change.kind === 'removed') this.forgetRemoved();
      }),
    );
    this.showState();
  }

  private take(stats: SystemStats): void {
    this.history.add(stats);
    const periodMs = this.controls.refreshSeconds * 1000;
    if (periodMs === 0 || document.hidden) return;
    if (performance.now() - this.drawnMs < periodMs - SLACK_MS) return;
    this.update();
  }

  /** Shows something else than before, at once. */
  private draw(): void {
    for (const part of [this.machine, this.gpus, this.own]) part.hurry();
    this.update();
  }

  /** Shows the newest figures. */
  private update(): void {
    const stats = this.host.system.stats.value;
    if (!stats) return;
    this.drawnMs = performance.now();
    this.series.spanMs = this.controls.spanMs;
    this.series.advance();
    const info = this.host.system.info.value;
    this.machine.show(stats, info);
    this.gpus.show(stats, info);
    this.consumers.show(stats, info);
    this.own.show(this.chosenId === null ? null : this.host.instances.get(this.chosenId), stats);
    this.showState();
  }

  private async loadHistory(): Promise<void> {
    const load = (this.loads += 1);
    const id = this.chosenId;
    try {
      const history = await this.host.history(id);
      if (load !== this.loads) return;
      this.history.fill(history, id, this.host.system.stats.value);
      this.retry.hidden = true;
      this.draw();
    } catch {
      // Said beside the charts, where it is missed; the banner tells of a lost connection.
      if (load === this.loads) this.retry.hidden = this.host.connection.value === 'lost';
    }
  }

  private choose(id: number, isReveal: boolean): void {
    if (isReveal) this.host.reveal(id);
    if (id === this.chosenId) return;
    this.chosenId = id;
    this.history.watch(id);
    this.draw();
    void this.loadHistory();
  }

  private forgetRemoved(): void {
    if (this.chosenId !== null && !this.host.instances.get(this.chosenId)) this.chosenId = null;
  }

  /** What happened while the connection was away is asked for. */
  private onConnection(state: ConnectionState): void {
    this.showState();
    if (state === 'live') void this.loadHistory();
  }

  private showState(): void {
    const isLost = this.host.connection.value === 'lost';
    const isPaused = this.controls.refreshSeconds === 0;
    this.element.classList.toggle('is-stale', isLost);
    this.state.hidden = !isLost && !isPaused;
    const at = this.host.system.stats.value?.at;
    const time =
      at === undefined ? '' : ` Figures of ${new Date(at).toLocaleTimeString([], { hourCycle: 'h23' })}.`;
    setText(this.state, isLost ? `The connection is lost.${time}` : `Paused.`);
  }

  private recolour(): void {
    for (const part of [this.machine, this.gpus, this.own]) part.recolour();
  }
}
