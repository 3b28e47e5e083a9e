import type { InstallPins } from '../../../contracts/environment.js';
import { PIN_VARIABLES, pinVariables } from './pins.js';

/** What AiKore tells a blueprint, besides what it inherits. */
export interface LaunchFacts {
  instanceName: string;
  instanceDir: string;
  outputDir: string;
  webuiPort: number;
  baseBlueprint: string;
  slug: string;
  gpuIds: string | null;
  tmpDir: string;
  functionsFile: string;
  modelsDir: string;
  dataDir: string;
  programDir: string;
  /** Identifies every process of the run, whatever becomes of its parents. */
  marker: string;
  /** What its environment is pinned to. */
  pins: InstallPins;
  /** It works in the folder of another instance. */
  isSatellite: boolean;
  /** The instance's own variables; they win. */
  ownEnv: Readonly<Record<string, string>>;
  /** It runs in a desktop, whose browser opens the application at its own port. */
  hasDesktop: boolean;
  /** It is to have a desktop, whether it has one or not: no other screen is its own. */
  wantsDesktop: boolean;
}

export type Environment = Record<string, string>;

/** Name of the variable that identifies the processes of one run. */
export const MARKER_VARIABLE = 'AIKORE_INSTANCE_MARKER';

/** What leads to the screen on which AiKore itself was started. */
const SCREEN_VARIABLES: ReadonlySet<string> = new Set([
  'DISPLAY',
  'XAUTHORITY',
  'WAYLAND_DISPLAY',
  'WAYLAND_SOCKET',
]);

const MAKE_VARIABLES = new Set([
  'MAKEFLAGS',
  'MFLAGS',
  'MAKELEVEL',
  'MAKEOVERRIDES',
  'MAKEFILES',
  'MAKE_TERMOUT',
  'MAKE_TERMERR',
  'MAKE_RESTARTS',
]);

/** Whether a variable of AiKore's own process stays AiKore's: its configuration and what its launchers left behind. */
export function isWithheld(name: string): boolean {
  return /^(AIKORE_|NODE_|npm_)/.test(name) || MAKE_VARIABLES.has(name);
}

/** Builds the environment of a blueprint (contract section 6). Pure. */
export function buildEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  facts: LaunchFacts,
): Environment {
  const env: Environment = {};
  for (const [name, value] of Object.entries(inherited)) {
    const isWrongScreen = facts.wantsDesktop && SCREEN_VARIABLES.has(name);
    const isKept = !isWithheld(name) && !PIN_VARIABLES.has(name) && !isWrongScreen;
    if (value !== undefined && isKept) env[name] = value;
  }
  // Not inherited either: whatever mask AiKore itself was started with is not this instance's.
  delete env['CUDA_VISIBLE_DEVICES'];
  // Gradio's own word for the prefix: addresses in its answers are right for programs, too, which no script mends.
  delete env['GRADIO_ROOT_PATH'];
  if (!facts.hasDesktop) env['GRADIO_ROOT_PATH'] = `/instance/${facts.slug}`;
  if (facts.gpuIds !== null) env['CUDA_VISIBLE_DEVICES'] = facts.gpuIds;
  return {
    ...env,
    PYTHONUNBUFFERED: '1',
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    INSTANCE_NAME: facts.instanceName,
    INSTANCE_CONF_DIR: facts.instanceDir,
    INSTANCE_OUTPUT_DIR: facts.outputDir,
    WEBUI_PORT: String(facts.webuiPort),
    BLUEPRINT_ID: facts.baseBlueprint.replace(/\.sh$/, ''),
    SUBFOLDER: `/instance/${facts.slug}/`,
    TMPDIR: facts.tmpDir,
    AIKORE_FUNCTIONS: facts.functionsFile,
    AIKORE_MODELS_DIR: facts.modelsDir,
    BASE_DIR: facts.dataDir,
    SD_INSTALL_DIR: facts.programDir,
    ...(facts.isSatellite ? { AIKORE_SATELLITE: '1' } : {}),
    ...facts.ownEnv,
    ...pinVariables(facts.pins),
    [MARKER_VARIABLE]: facts.marker,
  };
}

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OWN_NAMES = new Set([
  'INSTANCE_NAME',
  'INSTANCE_CONF_DIR',
  'INSTANCE_OUTPUT_DIR',
  'WEBUI_PORT',
  'BLUEPRINT_ID',
  'SUBFOLDER',
  'BASE_DIR',
  'SD_INSTALL_DIR',
  'CUDA_VISIBLE_DEVICES',
  'CUDA_DEVICE_ORDER',
]);
/** They would load somebody's code into every program that the script calls. */
const LOADER_NAMES = new Set([
  'LD_PRELOAD',
  'LD_AUDIT',
  'BASH_ENV',
  'ENV',
  'SHELLOPTS',
  'BASHOPTS',
  'PROMPT_COMMAND',
]);
const MAX_VARIABLES = 200;
const MAX_VALUE_LENGTH = 32_768;
/** Of all values: the kernel takes some 2 MB of variables and arguments together (execve(2)). */
const MAX_TOTAL_LENGTH = 262_144;

/** @returns a sentence that says what is wrong with an instance's own variables, or null */
export function ownEnvProblem(env: Readonly<Record<string, unknown>>): string | null {
  const entries = Object.entries(env);
  let totalLength = 0;
  if (entries.length > MAX_VARIABLES) return `At most ${MAX_VARIABLES} variables can be set.`;
  for (const [name, value] of entries) {
    const shown = name.slice(0, 64).replace(/[^\x20-\x7e]/g, '?');
    if (!VARIABLE_NAME.test(name) || name.length > 128) return `"${shown}" is not a name for a variable.`;
    if (OWN_NAMES.has(name) || name.startsWith('AIKORE_')) return `${shown} is set by AiKore itself.`;
    if (PIN_VARIABLES.has(name)) return `${shown} is a setting of its own; set it there.`;
    if (LOADER_NAMES.has(name))
      return `${shown} is refused: it would load code into every program of the script.`;
    if (typeof value !== 'string') return `The value of ${shown} must be text.`;
    if (value.length > MAX_VALUE_LENGTH)
      return `The value of ${shown} has more than ${MAX_VALUE_LENGTH} characters.`;
    totalLength += value.length;
    if (totalLength > MAX_TOTAL_LENGTH)
      return `All values together have more than ${MAX_TOTAL_LENGTH} characters.`;
    if (/[\0\r\n]/.test(value)) return `The value of ${shown} holds a line break or a NUL.`;
  }
  return null;
}
