import type { InstanceStatus } from '../../../contracts/instance.js';
import { plainLines } from '../domain/log-lines.js';
import type { Mount } from '../domain/route.js';
import { OWN_FOLDER } from '../domain/route.js';
import type { RouteState } from '../access.ports.js';
import { actionLink, escapeHtml, pageHtml } from './layout.js';

/** What the *starting* page shows, as its script polls it. */
export interface StartingState {
  heading: string;
  status: InstanceStatus;
  reason: string;
  phase: string | null;
  /** Plain text, oldest first. */
  lines: string[];
  /** Something listens on the application's port: time to load the page anew. */
  is_answering: boolean;
}

/** The state of an instance for its *starting* page. A log that cannot be read is an empty one. */
export async function startingState(route: RouteState, isAnswering: boolean): Promise<StartingState> {
  const lines = await route.lastLines().catch(() => []);
  return {
    heading: headingOf(route.name, route.status),
    status: route.status,
    reason: route.statusReason,
    phase: route.phase,
    lines: plainLines(lines),
    is_answering: isAnswering,
  };
}

function headingOf(name: string, status: InstanceStatus): string {
  switch (status) {
    case 'stopped':
      return `${name} is stopped`;
    case 'queued':
      return `${name} waits for its turn`;
    case 'starting':
      return `${name} is starting`;
    case 'started':
      return `${name} runs, but nothing listens on its port`;
    case 'stalled':
      return `${name} seems to be stuck`;
    case 'stopping':
      return `${name} is stopping`;
    case 'error':
      return `${name} has failed`;
  }
}

/** The page that stands in for an application that cannot answer yet (or no longer). */
export function startingPage(mount: Mount, state: StartingState, dashboard: string): string {
  const paragraph = (id: string, style: string, text: string): string =>
    `<p id="${id}" class="${style}"${text === '' ? ' hidden' : ''}>${escapeHtml(text)}</p>`;
  const log = state.lines.join('\n');
  return pageHtml({
    title: state.heading,
    folder: mount + OWN_FOLDER,
    script: 'starting.js',
    refreshSeconds: 3,
    status: state.status,
    main: `<span id="badge" class="badge">${escapeHtml(state.status)}</span>
<h1 id="heading">${escapeHtml(state.heading)}</h1>
${paragraph('reason', 'soft', state.reason)}
<div class="bar" role="progressbar" aria-label="Waiting for the application"></div>
${paragraph('phase', 'phase', state.phase ?? '')}
<pre id="log" aria-label="Last lines of the log"${log === '' ? ' hidden' : ''}>${escapeHtml(log)}</pre>
${paragraph('note', 'soft', '')}
${actionLink(`${dashboard}/`, 'Open the dashboard')}`,
  });
}
