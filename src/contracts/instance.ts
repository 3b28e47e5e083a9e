/** The words of a status badge. `stopped` is only said when no process of the instance is left. */
export type InstanceStatus = 'stopped' | 'queued' | 'starting' | 'started' | 'stalled' | 'stopping' | 'error';

/** What the operator last asked for; the status says how far reality is. */
export type DesiredState = 'running' | 'stopped';

export type AccessMode = 'path' | 'port';
export type RestartPolicy = 'no' | 'on-failure' | 'always';
export type DeleteMode = 'trash' | 'permanent';

/** What the dashboard can offer to mend a failure with one click; the operator confirms it. */
export type Remedy =
  /** Choose other GPUs, then start again. */
  | { action: 'choose_gpu'; label: string }
  /** Rebuild the environment from nothing (`POST …/rebuild`). */
  | { action: 'rebuild'; label: string }
  /** Take another free port (`PATCH {"port": null}`), then start again. */
  | { action: 'change_port'; label: string }
  /** Give the instance a variable, such as a token, then start again. */
  | { action: 'set_variable'; variable: string; label: string };

/** A known reason of a failure, read from how the run ended and what it printed last. */
export interface Failure {
  /** Stable, lower snake case, such as `cuda_out_of_memory`. */
  code: string;
  /** A sentence or two for a person: what happened, and what helps. */
  message: string;
  remedies: Remedy[];
}

/** An instance as it crosses the wire; the names are the columns of the `instances` table. */
export interface Instance {
  id: number;
  name: string;
  /** Made once from the name; the path segment in `/instance/<slug>/`. Kept when the instance is renamed. */
  slug: string;
  /** Absolute address of the application for a browser. */
  url: string;
  /** Absolute address of its desktop for a browser; null when it has none. */
  desktop_url: string | null;
  /** File name of the blueprint it was made from, such as `Demo.sh`. */
  base_blueprint: string;
  /** null: every GPU; `""`: none; else `0,1` as given, in order. */
  gpu_ids: string | null;
  autostart: boolean;
  persistent_mode: boolean;
  hostname: string | null;
  use_custom_hostname: boolean;
  status: InstanceStatus;
  /** One sentence a person understands. */
  status_reason: string;
  /** ISO 8601, UTC. */
  status_since: string;
  desired: DesiredState;
  /** The name of the phase that the blueprint announced last with `aikore_step`, or null. */
  phase: string | null;
  /** The blueprint's process (not the runner's), while it lives. */
  pid: number | null;
  exit_code: number | null;
  /** Such as `SIGKILL`. */
  exit_signal: string | null;
  /** The last lines of the log, when the status is `error`. */
  evidence: string[];
  /** Why it failed, when the reason is a known one. */
  failure: Failure | null;
  /** Automatic restarts since the last start by hand. */
  restarts: number;
  next_restart_at: string | null;
  /** The application's own port (`WEBUI_PORT`), on loopback. */
  port: number;
  public_port: number | null;
  persistent_port: number | null;
  persistent_display: number | null;
  output_path: string | null;
  python_version: string | null;
  cuda_version: string | null;
  torch_version: string | null;
  /** Tag, branch or commit of the application's source; null: what its blueprint takes. */
  git_ref: string | null;
  /** Further packages, as lines of a requirements file. */
  extra_requirements: string;
  access_mode: AccessMode;
  restart_policy: RestartPolicy;
  env: Record<string, string>;
  launch_args: string;
  /** Its own probe, as a blueprint writes one (`http /path`, `tcp`, `process`); null: the blueprint's. */
  probe: string | null;
  /** A satellite's parent, whose files and environment it uses. */
  parent_instance_id: number | null;
  /** Number of the current or last run, 0 before the first. */
  run: number;
  /** A stored change needs a restart before it counts. */
  pending_restart: boolean;
  /** Things worth knowing that do not stop it, such as a GPU index that this machine lacks. */
  warnings: string[];
  position: number;
  created_at: string;
  updated_at: string;
}

/** Body of `POST /api/instances`. */
export interface InstanceCreate {
  name: string;
  base_blueprint: string;
  gpu_ids?: string | null;
  autostart?: boolean;
  port?: number;
  output_path?: string | null;
  env?: Record<string, string>;
  launch_args?: string;
  probe?: string | null;
  access_mode?: AccessMode;
  restart_policy?: RestartPolicy;
  persistent_mode?: boolean;
  hostname?: string | null;
  use_custom_hostname?: boolean;
  public_port?: number | null;
  python_version?: string | null;
  cuda_version?: string | null;
  torch_version?: string | null;
  git_ref?: string | null;
  extra_requirements?: string;
}

/** Body of `PUT` and `PATCH /api/instances/{id}`: any subset. `port: null` takes another free port. */
export type InstanceUpdate = Partial<Omit<InstanceCreate, 'port'>> & { port?: number | null };

/** One start of an instance, numbered from 1. */
export interface Run {
  run: number;
  started_at: string;
  ended_at: string | null;
  exit_code: number | null;
  exit_signal: string | null;
  /** Sentence that says how it ended, or that it is running. */
  reason: string;
}

/** A piece of a log; offsets are bytes of the file. */
export interface LogSlice {
  content: string;
  offset: number;
  /** Where the next piece begins; behind `offset + content` by at most a cut character. */
  next_offset: number;
  size: number;
  run: number;
}

/** A line of a log that a search found. */
export interface LogHit {
  run: number;
  /** Byte offset of the line in the log of its run. */
  line_offset: number;
  /** Byte offset of the match in the log of its run. */
  offset: number;
  /** The line around the match as plain text, cut where it is long. */
  line: string;
  /** Where the match begins in `line`, and its length, in UTF-16 units. */
  match_start: number;
  match_length: number;
}

/** Answer of `GET …/logs/search`. */
export interface LogSearchResult {
  hits: LogHit[];
  /** False: the search ended at its limit of hits or time; `next` is where to go on. */
  is_complete: boolean;
  /** Value for `from` of the next search, or null. */
  next: string | null;
  /** Once the newest run was searched to its end: value for `from` of a search for what it prints later. */
  resume: string | null;
  searched_bytes: number;
}

/** A deleted instance that can come back. */
export interface TrashEntry {
  /** Name of its folder in the trash can, the key of the trash routes. */
  name: string;
  instance_name: string;
  base_blueprint: string | null;
  deleted_at: string;
  /** What it takes on the disk, when that was counted already (`GET /api/trash/{name}/size`). */
  size_bytes: number | null;
}
