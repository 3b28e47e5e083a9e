import type { Container } from './docker/container.js';

/** A process in a container, by what the kernel says of it (proc(5), `status`). */
export interface ContainerProcess {
  pid: number;
  commandLine: string;
  /** Real, effective, saved and file system user, when they are one; else -1. */
  uid: number;
  gid: number;
  groups: number[];
  /** Sets of capabilities, as hexadecimal numbers. */
  capabilities: {
    inheritable: string;
    permitted: string;
    effective: string;
    bounding: string;
    ambient: string;
  };
  hasNewPrivileges: boolean;
  /** 2: a filter of system calls. */
  seccomp: number;
}

// This very look is a process of the container too; whoever looks is left out.
const LOOK = `
import json, os
found = []
for pid in filter(str.isdigit, os.listdir('/proc')):
    if int(pid) == os.getpid():
        continue
    try:
        status = open(f'/proc/{pid}/status', encoding='latin1').read()
        words = open(f'/proc/{pid}/cmdline', 'rb').read().decode('latin1').replace('\\0', ' ').strip()
    except OSError:
        continue
    # The engine's own on its way in, to become a health check for example, is not of the container yet.
    if 'State:\\tZ' not in status and words != 'runc init':
        found.append({'pid': int(pid), 'status': status, 'commandLine': words})
print(json.dumps(found))
`;

/** All processes of a container but zombies and the one that looks. */
export async function processesIn(container: Container): Promise<ContainerProcess[]> {
  const { code, stdout, output } = await container.exec('python3', '-c', LOOK);
  if (code !== 0) throw new Error(output);
  const found = JSON.parse(stdout) as { pid: number; status: string; commandLine: string }[];
  return found.map(({ pid, status, commandLine }) => ({ pid, commandLine, ...parse(status) }));
}

/** The one process whose command line holds a text. @throws Error for none or several */
export async function processIn(container: Container, text: string): Promise<ContainerProcess> {
  const found = (await processesIn(container)).filter(({ commandLine }) => commandLine.includes(text));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} processes with ${text}`);
  return only;
}

function parse(status: string): Omit<ContainerProcess, 'pid' | 'commandLine'> {
  const field = (name: string): string => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1] ?? '';
  const one = (name: string): number => {
    const ids = new Set(field(name).split('\t'));
    return ids.size === 1 ? Number([...ids][0]) : -1;
  };
  const set = (name: string): string => BigInt(`0x${field(`Cap${name}`)}`).toString(16);
  return {
    uid: one('Uid'),
    gid: one('Gid'),
    groups: field('Groups').trim().split(' ').filter(Boolean).map(Number),
    capabilities: {
      inheritable: set('Inh'),
      permitted: set('Prm'),
      effective: set('Eff'),
      bounding: set('Bnd'),
      ambient: set('Amb'),
    },
    hasNewPrivileges: field('NoNewPrivs') === '0',
    seccomp: Number(field('Seccomp')),
  };
}
