import type { ScriptChanged } from '../../../../src/contracts/script.js';
import type { Emitter } from '../../base/observable.js';
import type { ScriptApi } from '../../net/script-api.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { DraftStore } from '../../state/drafts.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';

/** What an editor of a script needs of the rest. */
export interface ScriptEditorHost {
  api: ScriptApi;
  notices: NoticeStore;
  drafts: DraftStore;
}

export interface ScriptToolHost extends ScriptEditorHost {
  blueprints: BlueprintStore;
  /** An instance's script has another saved version. */
  scriptChanged: Emitter<ScriptChanged>;
  /** The connection came back: what was missed meanwhile is not told again. */
  reconnected: Emitter<void>;
}

export interface BlueprintsHost extends ScriptEditorHost {
  blueprints: BlueprintStore;
  instances: InstanceStore;
}
