/** How AiKore finds out whether the application is ready. */
export type ProbeSpec =
  /** `path` may hold `${SUBFOLDER}`, which stands for the instance's prefix `/instance/<slug>/`. */
  | { type: 'http'; path: string }
  | { type: 'tcp' }
  /** For programs without a port: ready as soon as the process lives. */
  | { type: 'process' };

/** What the proxy does with the prefix `/instance/<slug>/`. */
export type ProxyMode = 'strip' | 'keep' | 'port';

/** `secret` is a string that a form hides; `choice` is one of `choices`. */
export type BlueprintVariableType = 'string' | 'integer' | 'number' | 'boolean' | 'choice' | 'secret';

/** A typed variable that a blueprint declares with `aikore.var.<NAME>`. */
export interface BlueprintVariable {
  /** Name of the environment variable. */
  name: string;
  type: BlueprintVariableType;
  /** As it would stand in the environment: `""` when the blueprint names none, `true` or `false` for a boolean. */
  default: string;
  description: string;
  /** The allowed values of a `choice`, in order; empty for the other types. */
  choices: string[];
}

/** `aikore.package = pypi jupyterlab JUPYTERLAB_VERSION`. */
export interface BlueprintPackage {
  registry: 'pypi' | 'npm';
  name: string;
  /** The variable that holds its version. */
  variable: string;
}

export interface Blueprint {
  /** The key: `ComfyUI.sh`. */
  filename: string;
  origin: 'stock' | 'custom';
  name: string;
  category: string;
  description: string;
  venv_type: 'python' | 'conda' | null;
  /** Relative to the instance's directory. */
  venv_path: string | null;
  probe: ProbeSpec;
  proxy_mode: ProxyMode;
  /** Whether the proxy injects its script into documents. */
  proxy_shim: boolean;
  /** A program with windows: best run in persistent mode. */
  desktop: boolean;
  /** Web address of the application's source. */
  repository: string | null;
  /** GPU memory that the application wants. */
  vram_bytes: number | null;
  /** Disk that an installation takes, without models. */
  disk_bytes: number | null;
  /** The package that it installs by the version in a variable; null: none, or from a repository. */
  package: BlueprintPackage | null;
  variables: BlueprintVariable[];
  /** Keys of the metadata block that AiKore does not know, kept as written. */
  unknown: Record<string, string>;
  /** What is wrong with the metadata block, in sentences. */
  problems: string[];
}

/** What the metadata block of a blueprint says. */
export type BlueprintMetadata = Omit<Blueprint, 'filename' | 'origin'>;

/** Answer of `GET /api/system/blueprints`. */
export interface BlueprintCatalogue {
  stock: Blueprint[];
  custom: Blueprint[];
}

/** An instance that was made from a blueprint. */
export interface BlueprintUser {
  id: number;
  name: string;
}

/** Answer of `GET /api/system/blueprints/custom/{filename}` and `…/stock/{filename}`, with an `ETag`. */
export interface BlueprintSource {
  filename: string;
  origin: 'stock' | 'custom';
  content: string;
  /** In quotes, as the header has it; what `If-Match` of a replacement takes. */
  etag: string;
  /** What was made from it; each has a copy of the script, which stays when the blueprint goes. */
  instances: BlueprintUser[];
}

/** Body of `POST /api/system/blueprints/custom/{filename}/rename`. */
export interface BlueprintRename {
  filename: string;
}
