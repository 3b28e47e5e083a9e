import { readFileSync, readdirSync } from 'node:fs';

/** A process as the kernel's list shows it, zombies included. */
export interface ListedProcess {
  pid: number;
  parent: number;
  isZombie: boolean;
  commandLine: string;
}

/** Everything below a process, however deep. */
export function descendantsOf(root: number): ListedProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => listed(Number(name)));
  const found: ListedProcess[] = [];
  const parents = new Set([root]);
  for (let before = 0; before !== parents.size;) {
    before = parents.size;
    for (const process of all) {
      if (!parents.has(process.parent) || parents.has(process.pid)) continue;
      parents.add(process.pid);
      found.push(process);
    }
  }
  return found;
}

/** The process that starts runners for an AiKore. */
export function spawnerOf(aikorePid: number): ListedProcess | undefined {
  return descendantsOf(aikorePid).find(
    ({ parent, commandLine, isZombie }) =>
      parent === aikorePid && commandLine.includes('\0--spawner') && !isZombie,
  );
}

function listed(pid: number): ListedProcess[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    return [{ pid, parent: Number(field('PPid')), isZombie: field('State') === 'Z', commandLine }];
  } catch {
    return [];
  }
}
