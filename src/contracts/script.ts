/** Answer of `GET /api/instances/{id}/script`; the `ETag` header is `etag`. */
export interface InstanceScript {
  content: string;
  /** Names exactly this content; what `If-Match` of a save wants. In quotes, as the header has it. */
  etag: string;
  size_bytes: number;
  /** When the file was last written, ISO 8601; null while there is none. */
  modified_at: string | null;
  /** There is no launch.sh: `content` is the blueprint's, which the next start copies. */
  is_missing: boolean;
  /** Its bytes are not UTF-8: `content` shows something else in places, and a save would replace them. */
  is_damaged: boolean;
}

/** Body of `PUT /api/instances/{id}/script`. */
export interface ScriptSave {
  content: string;
  /** Also restart the instance if it runs. */
  restart?: boolean;
}

/** Answer of a save and of a take-over of the blueprint's version. */
export interface SavedScript extends InstanceScript {
  /** False: it was that content already, and no version was made. */
  is_changed: boolean;
  /** Number of the version in the history; null when nothing was saved. */
  version: number | null;
  /** The instance runs with what it was started with until it is restarted. */
  pending_restart: boolean;
  is_restarting: boolean;
  /** What was done to the content, or not done, in sentences. */
  notes: string[];
}

/** Answer of `GET /api/instances/{id}/script/blueprint`: the blueprint that the instance came from, as it is now. */
export interface ScriptBlueprint {
  content: string;
  filename: string;
  /** One of the operator's own blueprints. */
  is_custom: boolean;
  /** Whether the instance's script is another text. */
  differs: boolean;
  /** Whether the blueprint changed since the script was taken from it; null: not known. */
  changed_since: boolean | null;
}

/** A version of a script that is kept. */
export interface ScriptVersion {
  version: number;
  /** ISO 8601. */
  saved_at: string;
  /** `operator`, `token <name>`…; null: not saved by AiKore. */
  saved_by: string | null;
  size_bytes: number;
  note: string;
  /** It is what the instance has now. */
  is_present: boolean;
}

/** Answer of `GET /api/instances/{id}/script/history`, newest first. */
export interface ScriptHistory {
  versions: ScriptVersion[];
}

/** Answer of `GET /api/instances/{id}/script/history/{version}`. */
export interface ScriptVersionContent extends ScriptVersion {
  content: string;
}

/** Data of the event `script.changed`. */
export interface ScriptChanged {
  id: number;
  etag: string;
  saved_at: string;
  saved_by: string;
}

export type FindingLevel = 'error' | 'warning' | 'info' | 'style';

/** Something that a check says of a script. Lines and columns count from 1, columns in UTF-16 units. */
export interface ScriptFinding {
  line: number;
  column: number;
  end_line: number;
  /** The column behind the last character. */
  end_column: number;
  level: FindingLevel;
  /** `BASH_SYNTAX`, `METADATA`, `SC2086`… */
  code: string;
  message: string;
  /** Where the finding is explained. */
  url?: string;
}

/** Answer of `POST /api/scripts/check`. */
export interface ScriptCheck {
  /** By line and column. */
  findings: ScriptFinding[];
  /** What could not be checked, in sentences. */
  notes: string[];
}
