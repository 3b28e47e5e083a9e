/** The words of a status badge. `stopped` is only said when no process of the instance is left. */
export type InstanceStatus = 'stopped' | 'queued' | 'starting' | 'started' | 'stalled' | 'stopping' | 'error';

/** What the operator last asked for; the status says how far reality is. */
export type DesiredState = 'running' | 'stopped';

export type AccessMode = 'path' | 'port';
export type RestartPolicy = 'no' | 'on-failure' | 'always';
export type DeleteMode = 'trash' | 'permanent';

/** An instance as it crosses the wire; the names are the columns of the `instances` table. */
export interface Instance {
  id: number;
  name: string;
  /** Made once from the name; the path segment in `/instance/<slug>/`. Kept when the instance is renamed. */
  slug: string;
  /** Absolute address of the application for a browser. */
  url: string;
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
  access_mode: AccessMode;
  restart_policy: RestartPolicy;
  env: Record<string, string>;
  launch_args: string;
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
  access_mode?: AccessMode;
  restart_policy?: RestartPolicy;
  persistent_mode?: boolean;
  hostname?: string | null;
  use_custom_hostname?: boolean;
  public_port?: number | null;
  python_version?: string | null;
  cuda_version?: string | null;
  torch_version?: string | null;
}

/** Body of `PUT` and `PATCH /api/instances/{id}`: any subset. */
export type InstanceUpdate = Partial<InstanceCreate>;

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

/** A deleted instance that can come back. */
export interface TrashEntry {
  /** Name of its folder in the trash can, the key of the trash routes. */
  name: string;
  instance_name: string;
  base_blueprint: string | null;
  deleted_at: string;
}
