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
    name: 'NVIDIA driver',
    anyOf: ['nvidia-smi'],
    without: 'No NVIDIA GPU is shown; applications run on the CPU.',
  },
];

/** Looks for programs on a search path. */
export function findCapabilities(searchPath: string): Capability[] {
  return PROGRAMS.map(({ name, anyOf, without }) => {
    const found = anyOf.map((program) => findProgram(searchPath, program)).find((path) => path !== null);
    return { name, present: found !== undefined, detail: found ?? without };
  });
}
