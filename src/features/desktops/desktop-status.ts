import type { DesktopStatus } from '../../contracts/desktop.js';
import { isAnswering } from '../../host/xserver/dial-socket.js';
import { plainLines } from '../access/access.api.js';
import type { Desktop } from './desktops.ports.js';
import { headingOf, isResting, mayHaveDisplay } from './domain/heading.js';

/** What a desktop's page is told. A log that cannot be read is an empty one. */
export async function desktopStatus(desktop: Desktop, dashboard: string): Promise<DesktopStatus> {
  const { name, status, phase } = desktop;
  const isReady = mayHaveDisplay(status) && (await isAnswering(desktop.socketPath));
  const absence = isReady ? null : await desktop.absence().catch(() => null);
  const trouble = isReady ? null : (absence ?? (await desktop.trouble().catch(() => null)));
  const lines = isReady ? [] : await desktop.lastLines().catch(() => []);
  return {
    name,
    heading: absence === null ? headingOf(name, status) : `${name} runs without its desktop`,
    status,
    reason: trouble ?? reasonOf(desktop),
    trouble,
    phase,
    lines: plainLines(lines),
    is_coming: absence === null && !isResting(status),
    is_ready: isReady,
    client: desktop.client === 'novnc' ? 'novnc' : 'kasmvnc',
    dashboard,
  };
}

/** That the application is ready is no comfort to whoever waits for its desktop. */
function reasonOf({ status, statusReason }: Desktop): string {
  return status === 'started' ? 'The application runs; its display does not answer yet.' : statusReason;
}
