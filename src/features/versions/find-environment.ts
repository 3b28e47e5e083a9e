import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlueprintMetadata } from '../../contracts/blueprint.js';
import type { CheckedEnvironment } from '../../contracts/versions.js';
import { exists } from '../../host/files/exists.js';
import { findProgram } from '../../host/files/find-program.js';

/** A Python to be asked, and what is known of it before. */
export interface FoundEnvironment {
  /** Null: there is none to ask. */
  python: string | null;
  /** The environment's own folder; null for the machine's Python. */
  folder: string | null;
  kind: CheckedEnvironment['kind'];
  path: string | null;
  state: CheckedEnvironment['state'];
  message: string;
}

/** Finds the Python of an instance: its environment's, or the machine's where the script declares none. */
export async function findEnvironment(
  home: string,
  { venv_type: type, venv_path: path }: BlueprintMetadata,
  searchPath: string,
): Promise<FoundEnvironment> {
  if (path === null) return machinePython(searchPath);
  const folder = join(home, path);
  const python = join(folder, 'bin', 'python');
  const common = { folder, kind: type ?? 'python', path } as const;
  if (await isExecutable(python))
    return { ...common, python, state: 'ready', message: `The environment ${path} of the instance.` };
  if (await exists(python))
    return { ...common, python: null, state: 'broken', message: brokenSentence(path) };
  return {
    ...common,
    python: null,
    state: 'missing',
    message: `The environment ${path} is not there yet. The instance's script makes it when it is started.`,
  };
}

/** What to say of an environment whose Python does not run. */
export function brokenSentence(path: string | null): string {
  return path === null
    ? 'The python3 of this machine does not run.'
    : `The Python of the environment ${path} does not run. Build the environment anew.`;
}

function machinePython(searchPath: string): FoundEnvironment {
  const python = findProgram(searchPath, 'python3');
  const common = { python, folder: null, kind: 'machine', path: null } as const;
  if (python !== null)
    return {
      ...common,
      state: 'ready',
      message:
        'The script declares no environment (aikore.venv_path), so the Python of this machine was asked.',
    };
  return {
    ...common,
    state: 'missing',
    message: 'The script declares no environment (aikore.venv_path), and this machine has no python3.',
  };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
