import type { Disposable } from '../../base/lifecycle.js';

/** A page of the settings. It is made when it is first chosen and lives until the settings are closed. */
export interface SettingsSection extends Disposable {
  readonly element: HTMLElement;
  /** It was chosen, for the first time or again: what the server knows is asked anew. */
  show(): void;
  /** Enter was pressed in one of its fields. */
  submit?(submitter: HTMLElement | null): void;
}
