import { rebuild } from './known-failure.js';
import type { KnownFailure } from './known-failure.js';

/** pip, uv, conda and npm. */
export const packageFailures: readonly KnownFailure[] = [
  {
    code: 'packages_conflict',
    patterns: [
      /ResolutionImpossible/,
      /because these package versions have conflicting dependencies/,
      /LibMambaUnsatisfiableError|^UnsatisfiableError:/,
      /The following specifications were found to be incompatible/,
    ],
    message:
      'The packages that were asked for cannot be installed together. The lines before name them; a version has to be pinned or loosened in the blueprint or its requirements.',
  },
  {
    code: 'packages_conflict',
    // uv says it of packages that it could not reach, too.
    isSymptom: true,
    patterns: [/No solution found when resolving dependencies/],
    message:
      'uv found no set of packages that fits together. The lines after it name those that stand against each other; a version has to be pinned or loosened.',
  },
  {
    code: 'package_not_found',
    // Without a network pip ends with these words as well.
    isSymptom: true,
    patterns: [
      /No matching distribution found for (?<package>.{1,200})/,
      /(?:PackagesNotFoundError|ResolvePackageNotFound)/,
    ],
    message: ({ package: name }) =>
      `${name ? `The package “${name}”` : 'A package'} was not found in a version for this Python and this machine. Check its name and version, and whether another Python version has it.`,
  },
  {
    code: 'externally_managed',
    patterns: [/externally-managed-environment|The interpreter at .{1,200} is externally managed/],
    message:
      'The script installs into the system’s Python, which does not allow it. It has to make an environment of its own first (aikore_venv, or python3 -m venv).',
  },
  {
    code: 'package_hash_mismatch',
    patterns: [
      /THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE/,
      /Hash mismatch for `(?<package>[^`]{1,100})`/,
      /npm (?:ERR!|error) code EINTEGRITY/,
    ],
    message:
      'A downloaded package is not the one that was expected: the download was damaged, or something on the way changes it. Start again; if it repeats, look at the proxy or mirror.',
  },
  {
    code: 'cuda_toolkit_missing',
    patterns: [
      /CUDA_HOME environment variable is not set/,
      /nvcc: (?:command )?not found|No such file or directory: '[^']{0,200}nvcc'/,
    ],
    message:
      'A package has to be compiled for the GPU, and the CUDA toolkit (nvcc) is not on this machine. Install the toolkit, or a version of the package that is built already.',
  },
  {
    code: 'compiler_missing',
    patterns: [
      /error: command '(?<command>[^']{1,100})' failed: No such file or directory/,
      /unable to execute '(?<command>[^']{1,100})': No such file/,
      /(?<command>gcc|g\+\+|cc|c\+\+|clang|cmake|ninja|rustc|cargo)(?:: command)? not found/,
      /No (?<command>CMAKE_C(?:XX)?_COMPILER) could be found/,
      /Python\.h: No such file or directory/,
      /Failed to find C compiler/,
    ],
    message: ({ command }) =>
      `Something has to be compiled, and ${command ? `“${command}”` : 'what that needs'} is not on this machine. Install the tools (on Debian: apt install build-essential python3-dev).`,
  },
  {
    code: 'package_build_failed',
    isSymptom: true,
    patterns: [
      /Failed building wheel for (?<package>[\w.-]{1,100})/,
      /(?:Could not build wheels for|Failed to build installable wheels for some pyproject\.toml based projects \(?)\s{0,3}(?<package>[\w.-]{1,100})/,
      /metadata-generation-failed/,
      /Failed to build `(?<package>[^`]{1,100})`/,
    ],
    message: ({ package: name }) =>
      `${name ? `The package “${name}”` : 'A package'} could not be built. The lines before say why; often a version that is built already exists for another Python version.`,
    remedies: [rebuild],
  },
  {
    code: 'conda_terms',
    patterns: [/CondaToSNonInteractiveError|Terms of Service have not been accepted/],
    message:
      'conda asks to accept the terms of its default channel first. Accept them in a terminal (conda tos accept), or use conda-forge only.',
  },
  {
    code: 'conda_environment_missing',
    patterns: [/EnvironmentLocationNotFound|EnvironmentNameNotFound/],
    message: 'The conda environment is not there. Rebuild the environment.',
    remedies: [rebuild],
  },
  {
    code: 'npm_conflict',
    patterns: [/npm (?:ERR!|error) (?:code )?ERESOLVE/],
    message:
      'npm cannot install these packages together. The application’s own instructions name the versions; npm install --legacy-peer-deps is the usual way round.',
  },
  {
    code: 'npm_script_missing',
    patterns: [/npm (?:ERR!|error) Missing script: "?(?<script>[^"]{1,80})/],
    message: ({ script }) =>
      `The application has no npm script “${script}”. It may have been renamed in an update; its package.json lists them.`,
  },
  {
    code: 'node_too_old',
    patterns: [
      /The engine "node" is incompatible with this module\. Expected version "(?<version>[^"]{1,60})"/,
      /npm (?:ERR!|error) notsup .{0,40}Required: {1,3}\{"?node"?: ?"(?<version>[^"]{1,60})"/,
      /requires Node\.js (?:version )?(?<version>[\w.+>=<| ]{1,40})/i,
      /npm (?:ERR!|error) code EBADENGINE/,
    ],
    message: ({ version }) =>
      `The application needs another version of Node.js${version ? ` (${version})` : ''} than this machine has. Install that one.`,
  },
  {
    code: 'node_out_of_memory',
    patterns: [/FATAL ERROR: .{0,120}JavaScript heap out of memory/],
    message:
      'Node.js reached its own memory limit. Give it more, if the machine has it: NODE_OPTIONS=--max-old-space-size=8192 (in MB) in the script.',
  },
  {
    code: 'node_module_missing',
    patterns: [/Cannot find (?:module|package) '(?<module>[^']{1,200})'/],
    message: ({ module }) =>
      `Node.js did not find “${module}”. The application’s packages were not installed, or not completely: run its npm install again.`,
    remedies: [rebuild],
  },
];
