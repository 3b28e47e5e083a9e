import type { ServerEvent } from '../../../src/contracts/events.js';
import type { TrashState } from '../../../src/contracts/trash.js';
import { Observable } from '../base/observable.js';

/** What is being deleted, and when the trash has to be looked into anew. Its only writer is the event stream. */
export class TrashStore {
  readonly state = new Observable<TrashState>({ revision: 0, deletions: [] });

  apply(event: ServerEvent): void {
    if (event.type === 'snapshot') this.state.set(event.data.trash);
    else if (event.type === 'trash.changed') this.state.set(event.data);
  }
}
