/** Where a Python comes from. */
export type PythonSource = 'machine' | 'uv' | 'conda';

/** A Python that an instance can be pinned to. */
export interface PythonChoice {
  /** `3.12`, as `python_version` takes it. */
  version: string;
  source: PythonSource;
  /** It is on this machine already; else it is downloaded when it is needed. */
  is_present: boolean;
}

/** Answer of `GET /api/system/pythons`. */
export interface PythonChoices {
  pythons: PythonChoice[];
  /** Its version; null: not installed. */
  uv: string | null;
  conda: string | null;
}

/** What decides whether an environment has to be installed again. */
export interface InstallPins {
  git_ref: string | null;
  python_version: string | null;
  cuda_version: string | null;
  torch_version: string | null;
  extra_requirements: string;
}

/** A checkout that belongs to an instance. */
export interface InstalledRepository {
  /** Relative to the instance's folder. */
  path: string;
  url: string;
  /** Branch or tag that it follows; null: a commit. */
  ref: string | null;
  commit: string;
  subject: string;
  committed_at: string | null;
}

/** What an environment was made from; written by functions.sh when an installation has succeeded. */
export interface InstallRecord {
  /** ISO 8601, UTC. */
  finished_at: string;
  took_seconds: number;
  blueprint: string;
  /** SHA-256 of the script, hex. */
  script_digest: string;
  pins: InstallPins;
  python: { version: string; source: PythonSource } | null;
  installer: 'uv' | 'pip' | 'conda' | 'npm' | null;
  accelerator: 'cuda' | 'rocm' | 'cpu' | null;
  repositories: InstalledRepository[];
  /** Names and versions of all that is installed. */
  packages: Record<string, string>;
}

/**
 * `none`: its script remembers no installation. `absent`: not installed yet. `interrupted`: an installation was begun and
 * did not end. `stale`: the next start installs again, `reasons` say why.
 */
export type EnvironmentState = 'none' | 'absent' | 'interrupted' | 'stale' | 'ready';

/** Answer of `GET /api/instances/{id}/environment`. */
export interface InstanceEnvironment {
  state: EnvironmentState;
  /** Sentences: what the next start does, and why. */
  reasons: string[];
  is_rebuild_due: boolean;
  is_update_due: boolean;
  record: InstallRecord | null;
  /** Earlier records, newest first. */
  history: InstallRecord[];
  /** Whose environment it is: another instance's for a satellite. */
  owner_id: number;
}

/** A checkout, and what its remote has that it has not. */
export interface RepositoryUpdate extends InstalledRepository {
  /** Commits that an update brings; of a pinned one, that the pin keeps away. */
  behind: number;
  latest_commit: string | null;
  latest_at: string | null;
  /** Subjects of the newest of them, newest first. */
  changes: { commit: string; subject: string; committed_at: string | null }[];
  latest_tag: string | null;
  /** A tag or a commit, such as `git_ref` may name, keeps it where it is. */
  is_pinned: boolean;
  /** Why nothing is known of its remote, or null. */
  problem: string | null;
}

/** A package that a blueprint installs by version. */
export interface PackageUpdate {
  name: string;
  registry: 'pypi' | 'npm';
  installed: string | null;
  latest: string | null;
  /** The variable of the blueprint that names the version. */
  variable: string;
  problem: string | null;
}

/** Answer of `POST /api/instances/{id}/update-check`. */
export interface UpdateCheck {
  repositories: RepositoryUpdate[];
  packages: PackageUpdate[];
  has_updates: boolean;
  checked_at: string;
}

/** Body of `POST /api/instances/{id}/update`; answered with 202 and the instance. What runs is restarted. */
export interface InstanceUpdateRequest {
  /** Newer versions of packages, by the variable that names them. */
  variables?: Record<string, string>;
}

/** Body of `POST /api/instances/{id}/rebuild`. */
export interface InstanceRebuild {
  /** Also drops the caches of what is downloaded, so that everything is fetched anew. */
  clean?: boolean;
}
