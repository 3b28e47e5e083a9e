/** Long work on an instance's files that goes on without whoever asked for it. */
export type OperationKind = 'clone' | 'export' | 'import';

/** `waiting` for another operation; `relocating` rewrites the paths of an environment. The last three are ends. */
export type OperationPhase =
  | 'waiting'
  | 'counting'
  | 'copying'
  | 'packing'
  | 'unpacking'
  | 'relocating'
  | 'finishing'
  | 'done'
  | 'failed'
  | 'cancelled';

export interface Operation {
  /** Unique as long as AiKore runs. */
  id: string;
  kind: OperationKind;
  /** What is made: the name of the new instance, or the file name of the archive. */
  subject: string;
  /** What it is made from: the name of an instance, or the file name of an archive. */
  source: string;
  /** The instance that is cloned or exported; null for an import. */
  source_id: number | null;
  phase: OperationPhase;
  /** null: not counted yet. */
  total_bytes: number | null;
  done_bytes: number;
  done_files: number;
  /** Of `done_bytes`, what takes no space of its own: shared with the source by reflinks or hard links. */
  shared_bytes: number;
  /** One sentence for a person when it failed, and what helps; else null. */
  message: string | null;
  /** The instance that a clone or an import has made. */
  instance_id: number | null;
  started_at: string;
  ended_at: string | null;
}

/** Body of `POST /api/instances/{id}/copy`; answered with 202 and an `Operation`. */
export interface InstanceCopy {
  new_name: string;
  /** The environment goes along (default true); else the clone's first start installs it. */
  environment?: boolean;
  /** Its outputs go along (default false). */
  outputs?: boolean;
}

/** Body of `POST /api/instances/{id}/instantiate`; answered with 201 and the `Instance`. */
export interface InstanceInstantiate {
  new_name: string;
  /** As for a new instance; absent: the parent's. */
  gpu_ids?: string | null;
}

/** Body of `POST /api/instances/{id}/export`; answered with 202 and an `Operation`. */
export interface InstanceExport {
  /** The environment goes along (default false): it is large, and made for this machine. */
  environment?: boolean;
  /** Its outputs go along (default false). */
  outputs?: boolean;
  /** Variables that look like secrets go along (default false). */
  secrets?: boolean;
}

/** What an archive says of itself. */
export interface ArchiveContents {
  instance_name: string;
  base_blueprint: string;
  has_environment: boolean;
  has_outputs: boolean;
  /** Names of variables that were left out as secrets. */
  withheld: string[];
  /** Unpacked. */
  total_bytes: number;
  file_count: number;
  exported_at: string;
  /** Version of the AiKore that made it. */
  made_by: string;
}

/** An instance in one file, in the folder `archives/` of the data directory. */
export interface Archive {
  /** The key of the archive routes. */
  file: string;
  size_bytes: number;
  created_at: string;
  /** null: it is no archive of AiKore's; `problem` says why. */
  contents: ArchiveContents | null;
  problem: string | null;
}

/** Body of `POST /api/archives/{file}/import`; answered with 202 and an `Operation`. */
export interface ArchiveImport {
  new_name: string;
}
