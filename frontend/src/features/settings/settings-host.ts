import type { Observable } from '../../base/observable.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import type { AdminApi } from '../../net/admin-api.js';
import type { Api } from '../../net/api.js';
import type { NoticeStore } from '../../state/notices.js';
import type { SessionStore } from '../../state/session.js';
import type { SystemStore } from '../../state/system.js';

/** What the settings are opened with. */
export interface SettingsParts extends Omit<SettingsHost, 'admin'> {
  api: Api;
}

/** What the pages of the settings need of the rest. */
export interface SettingsHost {
  admin: AdminApi;
  notices: NoticeStore;
  session: SessionStore;
  system: SystemStore;
  theme: ThemeSetting;
  /** Null where rows have one height only. */
  density: DensitySetting | null;
  openPassword(): void;
  signOut(): Promise<void>;
  /** Closes the settings and shows a row. */
  reveal(id: number): void;
  instance(id: number): Instance | null;
}

export interface ThemeSetting {
  readonly theme: Observable<'system' | 'light' | 'dark'>;
  set(theme: 'system' | 'light' | 'dark'): void;
}

export interface DensitySetting {
  readonly isCompact: Observable<boolean>;
  toggle(): void;
}
