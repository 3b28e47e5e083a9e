import { basename } from 'node:path';
import { findProgram } from '../files/find-program.js';
import { appUid } from '../files/ownership.js';

/** Name under which the window manager knows the browser (scripts/desktop/openbox.xml). */
const WINDOW_CLASS = 'aikore-kiosk';

const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FIREFOXES = ['firefox-esr', 'firefox'];

/** What the browser is to show, and where it keeps what belongs to it. */
export interface KioskOrder {
  url: string;
  profile: string;
}

/** Path of a browser that can fill a screen with one page; null when there is none. */
export function findKioskBrowser(searchPath: string): string | null {
  const found = [...CHROMIUMS, ...FIREFOXES].map((name) => findProgram(searchPath, name));
  return found.find((path) => path !== null) ?? null;
}

/**
 * Its command line.
 * @param isRoot as whom it will run: Chromium's sandbox does not work for root
 */
export function kioskCommand(program: string, order: KioskOrder, isRoot = appUid() === 0): string[] {
  const isFirefox = FIREFOXES.includes(basename(program));
  return [program, ...(isFirefox ? firefoxFlags(order) : chromiumFlags(order, isRoot))];
}

/** No questions, no bubbles, no traffic of its own, and no GPU: that is the application's. */
function chromiumFlags({ url, profile }: KioskOrder, isRoot: boolean): string[] {
  return [
    `--user-data-dir=${profile}`,
    `--class=${WINDOW_CLASS}`,
    '--kiosk',
    '--ozone-platform=x11',
    '--no-first-run',
    '--no-default-browser-check',
    '--hide-crash-restore-bubble',
    '--disable-session-crashed-bubble',
    '--disable-infobars',
    '--noerrdialogs',
    '--disable-breakpad',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-default-apps',
    '--disable-features=Translate,MediaRouter,GlobalMediaControls',
    '--password-store=basic',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--enable-unsafe-swiftshader',
    // Without the warning that a sandbox is missing, which would cover a part of the page.
    ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
    `--app=${url}`,
  ];
}

function firefoxFlags({ url, profile }: KioskOrder): string[] {
  return ['--profile', profile, '--class', WINDOW_CLASS, '--no-remote', '--new-instance', '--kiosk', url];
}
