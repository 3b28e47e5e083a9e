import type { Instance } from '../../../../src/contracts/instance.js';
import type { Api } from '../../net/api.js';
import type { TransferApi } from '../../net/transfer-api.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import type { SystemStore } from '../../state/system.js';
import type { TransferStore } from '../../state/transfers.js';
import type { TrashStore } from '../../state/trash.js';
import type { UploadStore } from '../../state/uploads.js';

/** What clones, satellites, exports, imports and archives work on. */
export interface TransferHost {
  api: Api;
  transferApi: TransferApi;
  notices: NoticeStore;
  instances: InstanceStore;
  blueprints: BlueprintStore;
  system: SystemStore;
  transfers: TransferStore;
  trash: TrashStore;
  uploads: UploadStore;
  /** Shows the row of an instance, and gives it the focus. */
  reveal(instance: Instance): void;
  openTasks(): void;
  openArchives(): void;
  openTrash(): void;
}
