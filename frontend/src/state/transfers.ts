import type { ServerEvent } from '../../../src/contracts/events.js';
import type { Operation } from '../../../src/contracts/operation.js';
import { Observable } from '../base/observable.js';

/** Long work on instances' files, and when the archives have to be asked for anew. Its only writer is the event stream. */
export class TransferStore {
  /** Newest first. */
  readonly operations = new Observable<readonly Operation[]>([]);
  /** Grows whenever an archive comes or goes. */
  readonly archivesRevision = new Observable(0);

  apply(event: ServerEvent): void {
    if (event.type === 'snapshot') this.operations.set(event.data.operations);
    else if (event.type === 'operations.changed') this.operations.set(event.data);
    if (event.type === 'snapshot' || event.type === 'archives.changed')
      this.archivesRevision.set(this.archivesRevision.value + 1);
  }
}
