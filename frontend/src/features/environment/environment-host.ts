import type { Instance } from '../../../../src/contracts/instance.js';
import type { VersionCheck } from '../../../../src/contracts/versions.js';
import type { Api } from '../../net/api.js';
import type { EnvironmentStore } from '../../state/environments.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import type { VersionCheckStore } from '../../state/version-checks.js';

/** What the environment tool works on. */
export interface EnvironmentHost {
  api: Api;
  notices: NoticeStore;
  instances: InstanceStore;
  environments: EnvironmentStore;
  checks: VersionCheckStore;
  /** @throws ApiError */
  check(id: number, signal: AbortSignal): Promise<VersionCheck>;
  /** Asks, then builds it anew. */
  rebuild(instance: Instance): void;
  /** Asks with what is new, then updates. */
  update(instance: Instance): void;
}
