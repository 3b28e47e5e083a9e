/** A line of the facts: the machine, its driver, the environment's Python. */
export interface VersionFact {
  /** Stable, lower snake case: `os`, `cpu`, `memory`, `gpu_0`, `driver`, `driver_cuda`, `python`, `torch_cuda`, `torch_gpus`. */
  key: string;
  label: string;
  value: string;
}

/** One of the packages that applications on GPUs are made of. */
export interface PackageVersion {
  name: string;
  version: string;
}

/** Two packages that do not fit together, as pip or uv says. */
export interface PackageConflict {
  package: string;
  version: string | null;
  /** What it wants: name and, where there is one, the bound: `numpy<2`. */
  requirement: string;
  dependency: string;
  /** What is there instead; null: nothing. */
  installed: string | null;
  /** As it was printed. */
  message: string;
}

/** Where was looked. */
export interface CheckedEnvironment {
  /** `machine`: the script declares none of its own. */
  kind: 'python' | 'conda' | 'machine';
  /** As the script declares it, relative to the instance's folder. */
  path: string | null;
  /** `missing`: not made yet; `broken`: its Python does not run. */
  state: 'ready' | 'missing' | 'broken';
  /** One sentence for a person. */
  message: string;
  installed_count: number | null;
}

/** Answer of `POST /api/instances/{id}/version-check`. */
export interface VersionCheck {
  /** The facts and packages as a text to copy. */
  versions: string;
  /** The conflicts as a text to copy. */
  conflicts: string;
  environment: CheckedEnvironment;
  facts: VersionFact[];
  packages: PackageVersion[];
  conflicts_list: PackageConflict[];
  /** Null: it could not be checked; `conflicts` says why. */
  has_conflicts: boolean | null;
  /** What stands out and what helps, in sentences. */
  advice: string[];
  checked_at: string;
  took_ms: number;
}
