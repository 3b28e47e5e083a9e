import type { Capability } from '../contracts/system.js';
import type { DisplayServerChoice } from '../core/config/config.js';
import { findProgram } from '../host/files/find-program.js';
import { DISPLAY_DRIVERS } from '../host/xserver/display-driver.js';
import { findDisplayServers } from '../host/xserver/display-servers.js';
import type { DisplayServer } from '../host/xserver/display-servers.js';
import { findKioskBrowser } from '../host/xserver/kiosk-browser.js';
import type { DesktopPrograms } from '../features/instances/desktop/desktop-order.js';
import { programFiles } from './program-files.js';

/** What this machine has for desktops, or why there are none. */
export interface FoundDesktops {
  programs: DesktopPrograms | { missing: string };
  capabilities: Capability[];
}

/** Looks for what desktops are made with. @param searchPath as `PATH` has it */
export async function findDesktopPrograms(
  choice: DisplayServerChoice,
  searchPath: string,
): Promise<FoundDesktops> {
  const servers = await findDisplayServers(searchPath);
  const server = servers.find(({ name }) => choice === 'auto' || name === choice);
  const windowManager = findProgram(searchPath, 'openbox');
  const browser = findKioskBrowser(searchPath);
  return {
    programs:
      server === undefined
        ? { missing: missingSentence(choice) }
        : { launcher: programFiles.desktopLauncher, server, windowManager, browser },
    capabilities: [
      ...serverCapabilities(servers, server, choice),
      {
        name: 'Openbox',
        present: windowManager !== null,
        detail:
          windowManager ??
          'Windows on persistent desktops have no frames and cannot be moved (Debian: openbox).',
      },
      {
        name: 'Kiosk browser',
        present: browser !== null,
        detail:
          browser ??
          'Persistent desktops of web applications stay empty; install Chromium or Firefox (Debian: chromium).',
      },
    ],
  };
}

function serverCapabilities(
  servers: readonly DisplayServer[],
  used: DisplayServer | undefined,
  choice: DisplayServerChoice,
): Capability[] {
  // Who has one of them lacks nothing.
  const told = DISPLAY_DRIVERS.filter(
    ({ name }) => used === undefined || servers.some((server) => server.name === name),
  );
  return told.map(({ name, title }) => {
    // One that the operator's choice leaves out is as good as absent.
    const found = used && servers.find((server) => server.name === name);
    return { name: title, present: found !== undefined, detail: found?.program ?? withoutServer(choice) };
  });
}

function withoutServer(choice: DisplayServerChoice): string {
  return choice === 'auto'
    ? 'Persistent mode has no desktop without TigerVNC (Debian: tigervnc-standalone-server) or KasmVNC.'
    : `Persistent mode has no desktop: ${missingSentence(choice)}`;
}

function missingSentence(choice: DisplayServerChoice): string {
  if (choice === 'none') return 'AIKORE_DISPLAY_SERVER is none.';
  const wanted = DISPLAY_DRIVERS.find(({ name }) => name === choice)?.title;
  return wanted === undefined
    ? 'neither TigerVNC nor KasmVNC is installed on this machine.'
    : `${wanted}, which AIKORE_DISPLAY_SERVER asks for, is not installed on this machine.`;
}
