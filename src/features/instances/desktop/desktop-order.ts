import type { BlueprintMetadata } from '../../../contracts/blueprint.js';
import { kioskCommand } from '../../../host/xserver/kiosk-browser.js';
import type { DisplayServer } from '../../../host/xserver/display-servers.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';

/** Of a screen that nobody looks at yet; it follows its viewers. */
const GEOMETRY = '1280x800';

/** What this machine has for desktops. */
export interface DesktopPrograms {
  /** scripts/desktop/launch.sh */
  launcher: string;
  server: DisplayServer;
  /** Path of Openbox; null when there is none. */
  windowManager: string | null;
  /** Path of a browser for web applications; null when there is none. */
  browser: string | null;
}

/** What a run is given so that it has a desktop. */
export interface DesktopLaunch {
  /** Goes before the command of the run. */
  command: string[];
  env: DesktopEnvironment;
}

/** Variables of a desktop; null: it must not be inherited. */
export type DesktopEnvironment = Readonly<Record<string, string | null>>;

/** What the processes of an instance find its desktop by, and not AiKore's own. */
export function desktopEnvironment(display: number, authority: string): DesktopEnvironment {
  return {
    DISPLAY: `:${display}`,
    XAUTHORITY: authority,
    XDG_SESSION_TYPE: 'x11',
    WAYLAND_DISPLAY: null,
    WAYLAND_SOCKET: null,
    SESSION_MANAGER: null,
    DBUS_SESSION_BUS_ADDRESS: null,
    DESKTOP_STARTUP_ID: null,
  };
}

/** How the launcher is told about a desktop (scripts/desktop/README.md). */
export function desktopCommand(
  row: InstanceEntity,
  paths: InstancePaths,
  programs: DesktopPrograms,
  facts: { display: number; port: number; definition: Pick<BlueprintMetadata, 'desktop' | 'proxy_mode'> },
): string[] {
  const { display, port, definition } = facts;
  const { server, windowManager, browser, launcher } = programs;
  const folder = paths.displayDir(row.id);
  const profile = paths.kioskProfile(row.name);
  // Who keeps the prefix has its pages there, whoever asks.
  const path = definition.proxy_mode === 'keep' ? `/instance/${row.slug}/` : '/';
  const url = `http://127.0.0.1:${port}${path}`;
  const order = {
    display,
    socket: paths.rfbSocketName,
    authority: paths.xAuthority(row.id),
    geometry: GEOMETRY,
  };
  const isKiosk = !definition.desktop && browser !== null;
  return [
    ...[
      'bash',
      launcher,
      '--folder',
      folder,
      '--display',
      String(display),
      '--driver',
      server.name,
      '--reserved-by',
      String(process.pid),
    ],
    ...(windowManager === null ? [] : ['--window-manager', windowManager]),
    ...(definition.desktop
      ? ['--desktop-program']
      : ['--port', String(port), '--path', path, '--profile', profile]),
    '--',
    ...server.command(order),
    '--',
    ...(isKiosk ? kioskCommand(browser, { url, profile }) : []),
    '--',
  ];
}
