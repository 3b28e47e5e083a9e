import type { Capability } from '../contracts/system.js';
import { findProgram } from '../host/files/find-program.js';

/** Programs that AiKore or its blueprints use, with what their absence costs. */
const PROGRAMS: { name: string; anyOf: string[]; without: string }[] = [
  {
    name: 'git',
    anyOf: ['git'],
    without: 'Blueprints that fetch their application by git cannot install it.',
  },
  { name: 'Python', anyOf: ['python3'], without: 'Blueprints of Python applications cannot run.' },
  { name: 'uv', anyOf: ['uv'], without: 'Python packages are installed by pip, which is slower.' },
  {
    name: 'ShellCheck',
    anyOf: ['shellcheck'],
    without: 'The script editor shows what bash finds only.',
  },
  {
    name: 'NGINX',
    anyOf: ['nginx'],
    without: 'AiKore serves applications itself, which is slower.',
  },
  {
    name: 'NVIDIA driver',
    anyOf: ['nvidia-smi'],
    without: 'No NVIDIA GPU is shown; applications run on the CPU.',
  },
];

/** Where Debian has programs that no ordinary user has on their path. */
const SYSTEM_PATH = ':/usr/local/sbin:/usr/sbin';

/** The path of NGINX, or null. */
export function findNginx(searchPath: string): string | null {
  return findProgram(`${searchPath}${SYSTEM_PATH}`, 'nginx');
}

/** Looks for programs on a search path. */
export function findCapabilities(searchPath: string): Capability[] {
  return PROGRAMS.map(({ name, anyOf, without }) => {
    const found = anyOf
      .map((program) => findProgram(`${searchPath}${SYSTEM_PATH}`, program))
      .find((path) => path !== null);
    return { name, present: found !== undefined, detail: found ?? without };
  });
}
