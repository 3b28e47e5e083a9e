import type { Instance } from '../../../src/contracts/instance.js';
import { h } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { readPreference } from '../base/preferences.js';
import { loadPart } from '../net/load-part.js';
import { reportFailure } from '../state/report-error.js';
import type * as lateWork from './late-work.js';
import type { InstanceDialog, WorkPage } from './late-work.js';

type LateWork = typeof lateWork;

/** The place in the top bar for what long work is under way, and the way to its dialogs. The code comes with the first work. */
export class WorkSlot implements Disposable {
  readonly element = h('span', { class: 'work-slot' });
  private readonly resources = new DisposableStore();
  private isFollowing = false;

  constructor(private readonly page: WorkPage) {
    const { trash, transfers } = page.services;
    this.resources.add(trash.state.watch(() => this.look()));
    this.resources.add(transfers.operations.watch(() => this.look()));
  }

  dispose(): void {
    this.resources.dispose();
  }

  openTasks(): void {
    this.attempt((work) => work.openTasks(this.page));
  }

  openArchives(): void {
    this.attempt((work) => {
      // What is uploaded there shows in the badge.
      this.follow(work);
      work.openArchives(this.page);
    });
  }

  /** @throws PartMissing; ApiError for what the server refuses */
  async openFor(dialog: InstanceDialog, instance: Instance): Promise<void> {
    await (await this.load()).openInstanceDialog(this.page, dialog, instance);
  }

  /** Something is under way, or was when this browser saw the page last. */
  private look(): void {
    const { trash, transfers } = this.page.services;
    const hasWork = trash.state.value.deletions.length + transfers.operations.value.length > 0;
    if (hasWork || readPreference('operations') !== null) this.attempt((work) => this.follow(work));
  }

  private follow(work: LateWork): void {
    if (this.isFollowing) return;
    this.isFollowing = true;
    this.resources.add(work.followWork(this.page, this.element));
  }

  private load(): Promise<LateWork> {
    return loadPart(() => import('./late-work.js'));
  }

  private attempt(run: (work: LateWork) => void): void {
    this.load()
      .then(run)
      .catch((error: unknown) => reportFailure(this.page.services.notices, error));
  }
}
