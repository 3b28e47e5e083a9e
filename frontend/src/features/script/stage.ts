import type { Disposable } from '../../base/lifecycle.js';

/** What can take the place of the editor for a while. */
export interface StageView extends Disposable {
  readonly element: HTMLElement;
  focus(): void;
}
