import { dirname, join } from 'node:path';

export type DriverName = 'kasmvnc' | 'tigervnc';

/** What a browser needs to show the screen: noVNC, which AiKore brings, or the files of the server's own client. */
export type DisplayClient = 'novnc' | { folder: string };

/** What an X server is started with. */
export interface ServerOrder {
  display: number;
  /** Where it serves the RFB protocol; a bare name, relative to its working directory: the address of a socket is short. */
  socket: string;
  /** Its list of cookies; nobody without one of them may use the display. */
  authority: string;
  /** Such as `1280x800`. */
  geometry: string;
}

/** An X server whose screen a browser can show: what it is called, how it is started, who shows it. Data, no code. */
export interface DisplayDriver {
  name: DriverName;
  /** For people. */
  title: string;
  /** Under which names it may be installed, the surest first. */
  programs: readonly string[];
  /** What `-version` prints of it: several packages bring an `Xvnc`. */
  banner: RegExp;
  flags: (order: ServerOrder) => string[];
  client: (program: string) => DisplayClient;
}

/** Of both: nothing on TCP, and nothing without a file, which any user of the machine could reach. */
const COMMON = [
  '-SecurityTypes',
  'None',
  '-AlwaysShared',
  '-depth',
  '24',
  '-nolisten',
  'tcp',
  '-nolisten',
  'local',
];

const common = ({ display, socket, authority, geometry }: ServerOrder): string[] => [
  `:${display}`,
  '-rfbunixpath',
  socket,
  '-auth',
  authority,
  '-geometry',
  geometry,
  ...COMMON,
];

/**
 * Flags as measured with KasmVNC 1.5.1. Without `-PublicIP` it asks servers in the internet for its address; without
 * `-DisableBasicAuth` viewers have no rights; with its blacklist eight short connections lock everybody out.
 */
const KASMVNC: DisplayDriver = {
  name: 'kasmvnc',
  title: 'KasmVNC',
  programs: ['Xkasmvnc', 'Xvnc'],
  banner: /\bKasmVNC\b/i,
  flags: (order) => [
    ...common(order),
    '-PublicIP',
    '127.0.0.1',
    '-DisableBasicAuth',
    '-BlacklistThreshold',
    '0',
  ],
  client: (program) => ({ folder: join(dirname(dirname(program)), 'share', 'kasmvnc', 'www') }),
};

/**
 * Flags as measured with TigerVNC 1.12. `-rfbport 0` would still open a port; a threshold of 0 locks everybody out. What is
 * only marked on the desktop must not take the place of what a viewer has in the clipboard: only what is copied goes there.
 */
const TIGERVNC: DisplayDriver = {
  name: 'tigervnc',
  title: 'TigerVNC',
  programs: ['Xtigervnc', 'Xvnc'],
  banner: /\bTigerVNC\b/i,
  flags: (order) => [
    ...common(order),
    ...['-rfbunixmode', '0600', '-rfbport', '-1', '-noreset', '-BlacklistThreshold', '1000000'],
    '-SendPrimary=0',
  ],
  client: () => 'novnc',
};

/** The better one first. */
export const DISPLAY_DRIVERS: readonly DisplayDriver[] = [KASMVNC, TIGERVNC];
