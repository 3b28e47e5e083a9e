import { Observable } from '../../base/observable.js';
import { NOTHING_SELECTED, coverage, extendTo, prune, selectAll, toggle } from '../../domain/selection.js';
import type { Selection } from '../../domain/selection.js';

/** Which rows are selected, among those that are shown. */
export class RowSelection {
  readonly state = new Observable<Selection>(NOTHING_SELECTED);

  constructor(private readonly shown: () => readonly number[]) {}

  get ids(): ReadonlySet<number> {
    return this.state.value.ids;
  }

  get coverage(): 'all' | 'some' | 'none' {
    return coverage(this.state.value, this.shown());
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** One more or one less, or everything from the last one to this. */
  pick(id: number, isRange: boolean): void {
    const { value } = this.state;
    this.state.set(isRange ? extendTo(value, id, this.shown()) : toggle(value, id));
  }

  /** The focus goes from one row to another with Shift held. */
  extend(from: number, to: number): void {
    const { ids, anchor } = this.state.value;
    this.state.set(extendTo({ ids, anchor: anchor ?? from }, to, this.shown()));
  }

  all(): void {
    this.state.set(selectAll(this.shown()));
  }

  clear(): void {
    this.state.set(NOTHING_SELECTED);
  }

  prune(exists: (id: number) => boolean): void {
    this.state.set(prune(this.state.value, exists));
  }
}
