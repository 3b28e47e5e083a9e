/** How AiKore finds out whether the application is ready. */
export type ProbeSpec =
  | { type: 'http'; path: string }
  | { type: 'tcp' }
  /** For programs without a port: ready as soon as the process lives. */
  | { type: 'process' };

/** What the proxy does with the prefix `/instance/<slug>/`. */
export type ProxyMode = 'strip' | 'keep' | 'port';

/** A typed variable that a blueprint declares with `aikore.var.<NAME>`. */
export interface BlueprintVariable {
  name: string;
  type: string;
  default: string;
  description: string;
}

export interface Blueprint {
  /** The key: `ComfyUI.sh`. */
  filename: string;
  origin: 'stock' | 'custom';
  name: string;
  category: string;
  description: string;
  venv_type: 'python' | 'conda' | null;
  venv_path: string | null;
  probe: ProbeSpec;
  proxy_mode: ProxyMode;
  /** Whether the proxy injects its script into documents. */
  proxy_shim: boolean;
  /** Keys of the metadata block that AiKore does not know, kept as written. */
  unknown: Record<string, string>;
  /** What is wrong with the metadata block, in sentences. */
  problems: string[];
}

/** Answer of `GET /api/system/blueprints`. */
export interface BlueprintCatalogue {
  stock: Blueprint[];
  custom: Blueprint[];
}
