import type { Instance } from '../../../../src/contracts/instance.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { loadPart } from '../../net/load-part.js';
import { reportFailure } from '../../state/report-error.js';
import type { Services } from '../services.js';
import type { Fill } from './fill.js';
import type { LowerPart } from './lower-part.js';
import { MonitorPane } from './monitor-pane.js';
import type { MonitorContent } from './monitor-pane.js';
import { hasSheets, isNarrow, onNarrowChange } from './small-window.js';

export interface MonitorSlotHost {
  services: Services;
  lower: LowerPart;
  fill: Fill;
  chosen: Observable<Instance | null>;
  reveal(id: number): void;
  /** Somebody closed it who had the focus inside. */
  focusBack(): void;
}

const PREFERENCE = 'monitor';

/** Opens and closes the machine's monitoring, and remembers which it was. */
export class MonitorSlot implements Disposable {
  readonly isOpen = new Observable(false);
  private present: MonitorPane | null = null;
  /** It came with tools, unasked, and goes with them or where there is no room for both. */
  private isCompanion = false;
  private readonly narrow: Disposable;

  constructor(private readonly host: MonitorSlotHost) {
    this.narrow = onNarrowChange(() => isNarrow() && this.leave());
  }

  get pane(): MonitorPane | null {
    return this.present;
  }

  dispose(): void {
    this.narrow.dispose();
    this.remove();
  }

  /** Opens it in front, or closes it when it is there already. */
  toggle(): void {
    const isInSight = this.present !== null && (!isNarrow() || this.host.lower.front === 'monitor');
    if (isInSight) this.close();
    else this.open();
  }

  open(): void {
    writePreference(PREFERENCE, 'open');
    this.isCompanion = false;
    if (this.host.fill.pane.value !== 'monitor') this.host.fill.pane.set(null);
    if (!this.present) this.add();
    this.host.lower.bringToFront('monitor');
    // Where it covers what had the focus, or everything, it takes it.
    if (hasSheets() || document.activeElement?.closest('.tools')) this.present?.focus();
  }

  /** Open after a reload where it was open before. */
  restore(): void {
    if (!this.present && readPreference(PREFERENCE) === 'open') this.add();
  }

  /** Stands beside tools that are opened, until somebody says whether it shall be open or not. */
  accompany(): void {
    if (this.present || readPreference(PREFERENCE) !== null) return;
    this.add();
    this.isCompanion = true;
  }

  /** Goes with the tools that it came with. */
  leave(): void {
    if (this.isCompanion) this.remove();
  }

  private close(): void {
    writePreference(PREFERENCE, 'closed');
    const hadFocus = this.present?.element.contains(document.activeElement) === true;
    this.remove();
    if (hadFocus) this.host.focusBack();
  }

  private remove(): void {
    if (!this.present) return;
    this.host.fill.leave('monitor');
    this.present.dispose();
    this.present = null;
    this.isCompanion = false;
    this.host.lower.close('monitor');
    this.isOpen.set(false);
  }

  private add(): void {
    const { fill, lower, services } = this.host;
    const front = lower.front;
    this.present = new MonitorPane({
      fill: fill.button('monitor'),
      load: () => this.load(),
      onFailure: (error) => reportFailure(services.notices, error),
      onEscape: () => fill.leave('monitor') || this.close(),
      onClose: () => this.close(),
    });
    lower.open('monitor', this.present.element);
    if (front) lower.bringToFront(front);
    this.isOpen.set(true);
  }

  private async load(): Promise<MonitorContent> {
    const { MonitoringView } = await loadPart(() => import('../../features/monitoring/monitoring-view.js'));
    const { services, chosen } = this.host;
    const { api, system, events, instances, theme } = services;
    return new MonitoringView({
      system,
      instances,
      connection: events.state,
      onTheme: (run) => theme.theme.on(run),
      chosen,
      history: (instanceId) => api.statsHistory(instanceId),
      reveal: (id) => this.reveal(id),
    });
  }

  /** What covers the rows gives way to them. */
  private reveal(id: number): void {
    this.host.fill.pane.set(null);
    if (hasSheets()) this.remove();
    this.host.reveal(id);
  }
}
