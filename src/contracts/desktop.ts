import type { InstanceStatus } from './instance.js';

/** Which program shows the desktop in the browser. */
export type DesktopClientName = 'novnc' | 'kasmvnc';

/** `GET /.aikore/status` on a desktop's own address: what its page tells while there is nothing to see. */
export interface DesktopStatus {
  name: string;
  /** What the page says in one line, such as `Alpha is starting`. */
  heading: string;
  status: InstanceStatus;
  /** A sentence more, or empty. */
  reason: string;
  /** What is wrong with the display, as a sentence; null when nothing is known to be. */
  trouble: string | null;
  phase: string | null;
  /** Last lines of the log, plain text, oldest first. */
  lines: string[];
  /** A desktop is on its way, or may come back. False: nothing will be shown here until somebody does something. */
  is_coming: boolean;
  /** A display answers: `WS /websockify` can be opened. */
  is_ready: boolean;
  client: DesktopClientName;
  /** Address of the dashboard, without a slash at the end. */
  dashboard: string;
}
