import { Observable } from '../../base/observable.js';
import { readPreference, writePreference } from '../../base/preferences.js';

/** In sixteenths of the usual size of text: 12 is 0.75 rem. */
const SIZES = { least: 9, usual: 12, most: 24 } as const;

/** How somebody likes to read logs; remembered in this browser. */
export class LogSettings {
  readonly isWrapped = remembered('log.wrap', true);
  readonly hasTimes = remembered('log.times', false);
  readonly textSize = new Observable(readSize());

  constructor() {
    this.textSize.on((size) => writePreference('log.size', String(size)));
  }

  /** @param step 1 larger, -1 smaller, 0 as usual */
  changeSize(step: 1 | -1 | 0): void {
    const wanted = step === 0 ? SIZES.usual : this.textSize.value + step;
    this.textSize.set(Math.max(SIZES.least, Math.min(SIZES.most, wanted)));
  }
}

function remembered(key: string, usual: boolean): Observable<boolean> {
  const word = readPreference(key);
  const choice = new Observable(word === null ? usual : word === 'on');
  choice.on((isOn) => writePreference(key, isOn ? 'on' : 'off'));
  return choice;
}

function readSize(): number {
  const size = Number(readPreference('log.size'));
  return size >= SIZES.least && size <= SIZES.most ? size : SIZES.usual;
}
