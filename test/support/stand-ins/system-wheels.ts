import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SystemWheel {
  name: string;
  file: string;
  content: Buffer;
}

const FIND = `
import ensurepip, os
found = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")
print(found if os.path.isdir(found) else "/usr/share/python-wheels")
`;

let known: SystemWheel[] | undefined;

/** The pip and the setuptools that Python brings for its environments: nothing small can stand in for those. */
export function systemWheels(): readonly SystemWheel[] {
  known ??= read(spawnSync('python3', ['-c', FIND], { encoding: 'utf8' }).stdout.trim());
  return known;
}

function read(folder: string): SystemWheel[] {
  const files = folder === '' ? [] : readdirSync(folder);
  return files
    .filter((file) => /^(pip|setuptools|wheel)-.*\.whl$/.test(file))
    .map((file) => ({
      name: file.replace(/-.*/, ''),
      file,
      content: readFileSync(join(folder, file)),
    }));
}
