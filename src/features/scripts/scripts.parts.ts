import type { EventHub } from '../../core/events/event-hub.js';
import type { Mutex } from '../../core/mutex.js';
import type { VersionGuard } from '../../core/http/if-match.js';
import type { BlueprintCatalogue } from '../blueprints/blueprints.api.js';
import type { InstanceFiles, InstanceRegistry, NoteOrigin } from '../instances/instances.api.js';

/** What reading and saving scripts needs. */
export interface ScriptParts {
  registry: InstanceRegistry;
  /** Whose script an instance runs. */
  files: InstanceFiles;
  catalogue: BlueprintCatalogue;
  hub: EventHub;
  /** The one under which instances are renamed and deleted: their folders stay where they are meanwhile. */
  mutex: Mutex;
  noteOrigin: NoteOrigin;
  /** A restart must not end what it cannot start again. @throws AppError `disk_full` */
  requireRoom: () => Promise<void>;
}

/** How a script is to be saved. */
export interface SaveWish {
  /** Whether who saves knew the present content. */
  guard: VersionGuard;
  isRestartWanted: boolean;
  /** Who saves, for the history. */
  actor: string;
}

/** What is to be saved. */
export interface NewScript {
  bytes: Buffer;
  /** What was done to the content, in sentences. */
  notes: string[];
  /** For the history. */
  note: string;
  /** The blueprint's content that it is. */
  origin?: string;
}
