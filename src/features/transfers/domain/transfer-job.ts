/** Another place for what lay below `from`, as absolute paths: what links into it leads to `to` in the copy. */
export interface Moved {
  from: string;
  to: string;
}

/** Has the paths inside of environments rewritten. */
export interface Relocation {
  /** The Python that runs the helper. */
  python: string;
  /** relocate-env.py of the blueprints. */
  helper: string;
  /** Where the tree that holds them was, and where it will be. */
  from: string;
  to: string;
}

/** A tree that is copied; `to` is an empty folder. */
export interface TreeCopy {
  from: string;
  to: string;
  /** What stays behind, relative to `from`. */
  excluded: readonly string[];
  moved: readonly Moved[];
}

export interface CloneJob {
  kind: 'clone';
  trees: readonly TreeCopy[];
  relocation: Relocation | null;
}

export interface ExportJob {
  kind: 'export';
  /** The file to write; it is not there yet. */
  archive: string;
  home: string;
  excluded: readonly string[];
  outputs: string | null;
  /** What the archive says of itself; the worker adds what it counts. */
  head: string;
}

export interface ImportJob {
  kind: 'import';
  archive: string;
  /** Empty folders. */
  home: string;
  outputs: string | null;
  declared: Declared;
  /** Links from environments to the Python that they were made with: path in the home → target. */
  interpreters: Readonly<Record<string, string>>;
  relocation: Relocation | null;
}

/** What an archive says that it holds; it must be exactly that. */
export interface Declared {
  totalBytes: number;
  fileCount: number;
  /** Files, folders and links. */
  entryCount: number;
}

export type TransferJob = CloneJob | ExportJob | ImportJob;

/** What the worker is busy with. */
export type WorkerPhase = 'counting' | 'copying' | 'packing' | 'unpacking' | 'relocating' | 'finishing';

export interface WorkerProgress {
  phase: WorkerPhase;
  totalBytes: number | null;
  doneBytes: number;
  doneFiles: number;
  sharedBytes: number;
}

/** Why a worker gave up; each has a sentence of AiKore's own where the worker has none. */
export type WorkerFailure = 'disk_full' | 'bad_archive' | 'changed' | 'unreadable' | 'internal';
