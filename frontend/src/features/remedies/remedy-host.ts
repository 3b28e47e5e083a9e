import type { Api } from '../../net/api.js';
import type { NoticeStore } from '../../state/notices.js';
import type { SystemStore } from '../../state/system.js';

/** What remedies work on. */
export interface RemedyHost {
  api: Api;
  notices: NoticeStore;
  system: SystemStore;
}
