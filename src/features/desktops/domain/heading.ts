import type { InstanceStatus } from '../../../contracts/instance.js';

/** Statuses in which no process of the instance lives, so that nothing of its display can. */
const WITHOUT_PROCESS: ReadonlySet<InstanceStatus> = new Set(['stopped', 'queued', 'error']);

/** Whether a display may be there. */
export function mayHaveDisplay(status: InstanceStatus): boolean {
  return !WITHOUT_PROCESS.has(status);
}

/** Whether nothing moves until somebody starts it. */
export function isResting(status: InstanceStatus): boolean {
  return status === 'stopped' || status === 'error';
}

/** What the page says in one line while there is no desktop to see. */
export function headingOf(name: string, status: InstanceStatus): string {
  switch (status) {
    case 'stopped':
      return `${name} is stopped`;
    case 'queued':
      return `${name} waits for its turn`;
    case 'stopping':
      return `${name} is stopping`;
    case 'error':
      return `${name} has failed`;
    case 'starting':
    case 'started':
    case 'stalled':
      return `The desktop of ${name} is starting`;
  }
}
