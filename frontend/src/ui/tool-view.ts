import type { Disposable } from '../base/lifecycle.js';
import type { Observable } from '../base/observable.js';

/**
 * What a tab of the tools pane holds. It is made when its tab is first chosen, lives on while other tabs are, and is
 * disposed with the pane.
 */
export interface ToolView<Target> extends Disposable {
  readonly element: HTMLElement;
  /** Its buttons, shown in the head of the pane; null for none. */
  readonly toolbar: HTMLElement | null;
  /** Shows a target; the same one again brings what is said of it up to date. Only called while the tab is chosen. */
  show(target: Target): void;
  /** Its tab was left: it need not draw until `show` is called again. */
  hide?(): void;
  /** Ctrl+F inside the pane. */
  focusSearch?(): void;
  /** Gets the focus when its tab is chosen with the keyboard or a shortcut. */
  focus?(): void;
  /** Esc belongs to the tool (a terminal, an editor) and does not close the pane. */
  readonly keepsEscape?: boolean;
  /** What a dot on its tab says, such as that something is unsaved; null for no dot. */
  readonly mark?: Observable<string | null>;
  /** How many it holds, said on its tab from the second on. */
  readonly count?: Observable<number>;
}
