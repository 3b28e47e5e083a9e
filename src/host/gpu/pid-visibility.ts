import { readdirSync, readlinkSync } from 'node:fs';

/** Inode of the machine's first pid namespace (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/** Whether this process sees the pids that drivers speak of. In a container it does only with `--pid=host`. */
export function hasHostPids(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === FIRST_NAMESPACE;
  } catch {
    return false;
  }
}

/**
 * Whether a process has a GPU open. In another pid namespace a number that a driver names may by chance be somebody
 * else's here; one that has the card open is the one that was meant.
 */
export function hasGpuOpen(pid: number): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((file) => isGpu(`${folder}/${file}`));
  } catch {
    return false;
  }
}

function isGpu(descriptor: string): boolean {
  try {
    return /^\/dev\/(nvidia|kfd|dri\/render)/.test(readlinkSync(descriptor));
  } catch {
    return false;
  }
}
