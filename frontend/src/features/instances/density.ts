import { Observable } from '../../base/observable.js';
import { readPreference, writePreference } from '../../base/preferences.js';

const KEY = 'table.density';

/** Whether rows are low, remembered by the browser. */
export class Density {
  readonly isCompact = new Observable(readPreference(KEY) === 'compact');

  toggle(): void {
    this.isCompact.set(!this.isCompact.value);
    writePreference(KEY, this.isCompact.value ? 'compact' : 'comfortable');
  }
}
