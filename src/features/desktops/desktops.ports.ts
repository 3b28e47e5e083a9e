import type { IncomingMessage, RequestListener, Server, ServerOptions } from 'node:http';
import type { InstanceStatus } from '../../contracts/instance.js';
import type { Origins } from '../../core/http/domain/origins.js';
import type { Logger } from '../../core/logging.js';
import type {
  AccessCaller,
  Entry,
  Gate,
  HostPolicy,
  LiveSockets,
  RequestView,
} from '../access/access.api.js';

/** What shows a desktop in the browser: the page that is bundled with AiKore, or the folder of a driver's own. */
export type DesktopClient = 'novnc' | { folder: string };

/** A persistent instance as its desktop's address shows it. */
export interface Desktop {
  instanceId: number;
  name: string;
  /** The published port that the desktop answers on. */
  port: number;
  /** Where the VNC server of its display listens, when it does. */
  socketPath: string;
  client: DesktopClient;
  status: InstanceStatus;
  statusReason: string;
  phase: string | null;
  /** Why what runs now has no desktop at all, as a sentence; null when it has one, or nothing runs. */
  absence(): Promise<string | null>;
  /** What is wrong with the display, as a sentence; null when nothing is known to be. */
  trouble(): Promise<string | null>;
  /** The last lines of the log, oldest first, as written. */
  lastLines(): Promise<string[]>;
}

/** The instances that have a desktop. */
export interface DesktopSource {
  all(): Desktop[];
  findByPort(port: number): Desktop | null;
}

/** How a browser's page is allowed in. */
export interface DesktopDoor<Caller extends AccessCaller = AccessCaller> {
  gate: Gate<Caller>;
  hosts: HostPolicy;
  origins: () => Origins;
  liveSockets: LiveSockets<Caller>;
  /** Reads a request. */
  viewOf: (request: IncomingMessage, isUpgrade: boolean, entry: Entry) => RequestView;
  /** Makes the server of an address; where AiKore serves TLS, one that does. */
  createServer: (options: ServerOptions, listener: RequestListener) => Server;
  /** Somebody sees a desktop, and may use it. */
  noteViewer: (caller: Caller, desktop: Desktop, address: string) => void;
  logger: Logger;
}
