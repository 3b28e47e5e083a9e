import type { Repository } from './git-remotes.js';
import type { NpmPackage } from './npm-registry.js';
import type { PackageSpec } from './wheels.js';

export type Accelerator = 'cpu' | 'cuda' | 'rocm';

/** What a strict program says of how it was started. */
export interface Facts {
  /** Its command line as it came. */
  words: string[];
  arguments: Record<string, unknown>;
  environment: Record<string, string>;
  cwd: string;
  /** The environment whose Python runs it. */
  prefix: string;
  /** By the modules that it needs. */
  versions: Record<string, string>;
  /** Of the checkout, a number; of a package, its version. */
  revision: string;
  /** Of the processor, from the script's first line to here. */
  cpu_seconds: number;
}

/** Folders of the instance that a story runs. */
export interface Places {
  home: string;
  outputs: string;
  models: string;
  port: number;
  /** `/instance/<slug>/` */
  prefix: string;
}

/** What stands in for one application and for all that its blueprint fetches. */
export interface StandIn {
  /** Without `.sh`. */
  blueprint: string;
  /** Where one blueprint has several stories; absent: the blueprint. */
  key?: string;
  repositories?: Readonly<Record<string, Repository>>;
  /** `name==version` for what is merely there, or a package that can do something. */
  packages?: readonly (string | PackageSpec)[];
  npm?: readonly NpmPackage[];
  /** What is downloaded, by its real address. */
  downloads?: Readonly<Record<string, Buffer | string>>;
  /** Variables of the instance; `revision` counts from 1, for applications that are a package of a version. */
  variables?: (revision: number) => Record<string, string>;
  /** The Python that the instance is pinned to; absent: what the blueprint takes. */
  python?: string;
  /** What the program says its revision is; absent: the number itself, as checkouts have it. */
  revisionOf?: (revision: number) => string;
  launchArgs?: string;
  /** Absent: uv. */
  installer?: 'pip';
  /** What it can run on, first what its story is told with; absent: all. */
  accelerators?: readonly Accelerator[];
  /** false: a program with windows, asked for nothing over HTTP. */
  serves?: boolean;
  /** What it must have been told; throws. @param accelerator of this start */
  check?: (facts: Facts, places: Places, accelerator: Accelerator) => void;
}
