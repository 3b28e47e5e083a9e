import type { Api, TerminalPlace } from '../../net/api.js';
import type { NoticeStore } from '../../state/notices.js';
import type { TerminalSettings } from './terminal-settings.js';

/** What a deck of terminals needs of the rest. */
export interface DeckOptions {
  place: TerminalPlace;
  /** Whose terminals they are, for sentences. */
  owner: string;
  api: Api;
  notices: NoticeStore;
  settings: TerminalSettings;
}
