import type { Instance } from './instance.js';
import type { Operation } from './operation.js';
import type { ScriptChanged } from './script.js';
import type { SystemInfo, SystemStats } from './system.js';
import type { TrashState } from './trash.js';

/** First message of `WS /api/events`; the deltas that follow count on from its `seq`. */
export interface SnapshotData {
  instances: Instance[];
  system: SystemInfo;
  stats: SystemStats | null;
  trash: TrashState;
  operations: Operation[];
}

/** A piece of a followed log. Never cut inside a character. */
export interface LogAppended {
  id: number;
  run: number;
  /** Byte offset of `content` in the log file. */
  offset: number;
  next_offset: number;
  content: string;
  /** The server skipped bytes between the previous piece and this one because the viewer was too slow. */
  skipped_bytes: number;
}

export interface Notice {
  level: 'info' | 'warning' | 'error';
  message: string;
  instance_id: number | null;
}

interface EventData {
  snapshot: SnapshotData;
  'instance.created': Instance;
  'instance.updated': Instance;
  'instance.state': Instance;
  'instance.removed': { id: number; name: string };
  'system.stats': SystemStats;
  'log.appended': LogAppended;
  'trash.changed': TrashState;
  /** All operations that are under way or ended lately, newest first. */
  'operations.changed': Operation[];
  /** An archive has come or gone: whoever shows them asks again. */
  'archives.changed': Record<string, never>;
  notice: Notice;
  /** What is wrong with AiKore's own parts now; all of it, as in `SystemInfo.warnings`. */
  'system.warnings': string[];
  'script.changed': ScriptChanged;
  /** A custom blueprint was made, changed, renamed or deleted: whoever shows the catalogue asks again. */
  'blueprints.changed': Record<string, never>;
}

export type EventType = keyof EventData;

/**
 * A message from the server. `seq` grows by one with every event that everybody gets; `log.appended`, which only its
 * subscribers get, carries the `seq` of the event before it. A client that sees a gap connects anew.
 */
export type ServerEvent = {
  [T in EventType]: { type: T; seq: number; data: EventData[T] };
}[EventType];

/** What a client may say. `offset` is where to begin, negative counts from the end; absent: only what is new. */
export type ClientMessage =
  { subscribe: 'logs'; id: number; offset?: number } | { unsubscribe: 'logs'; id: number };
