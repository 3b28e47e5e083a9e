import { describe, expect, it } from '@jest/globals';
import { DISPLAY_DRIVERS } from '../../../host/xserver/display-driver.js';
import { DisplayServer } from '../../../host/xserver/display-servers.js';
import { InstancePaths } from '../instance-paths.js';
import type { InstanceEntity } from '../instance.entity.js';
import { desktopCommand, desktopEnvironment } from './desktop-order.js';
import type { DesktopPrograms } from './desktop-order.js';
import { desktopWarnings } from './desktop-warnings.js';

const driver = DISPLAY_DRIVERS.find(({ name }) => name === 'tigervnc');
if (driver === undefined) throw new Error('there is no driver for TigerVNC');
const programs: DesktopPrograms = {
  launcher: '/opt/aikore/scripts/desktop/launch.sh',
  server: new DisplayServer(driver, '/usr/bin/Xtigervnc'),
  windowManager: '/usr/bin/openbox',
  browser: '/usr/bin/chromium',
};
const paths = new InstancePaths('/data');
const row = { id: 7, name: 'My; App', slug: 'my-app' } as InstanceEntity;

/** The four lists of the launcher's command line. */
function listsOf(
  wish: Partial<{ desktop: boolean; proxy_mode: 'strip' | 'keep' }>,
  change: Partial<DesktopPrograms> = {},
): string[][] {
  const definition = { desktop: false, proxy_mode: 'strip' as const, ...wish };
  const command = desktopCommand(
    row,
    paths,
    { ...programs, ...change },
    { display: 12, port: 21_000, definition },
  );
  const lists: string[][] = [[]];
  for (const word of command) {
    if (word === '--') lists.push([]);
    else lists.at(-1)?.push(word);
  }
  return lists;
}

describe('the command line of a desktop', () => {
  it('has options, the server, the browser, and the place of the program', () => {
    const [options, server, browser, program] = listsOf({});
    expect(options?.join(' ')).toBe(
      `bash /opt/aikore/scripts/desktop/launch.sh --folder /data/run/instances/7/display --display 12 --driver tigervnc --reserved-by ${process.pid} --window-manager /usr/bin/openbox --port 21000 --path / --profile /data/instances/My; App/.aikore/kiosk`,
    );
    expect(server?.slice(0, 2)).toEqual(['/usr/bin/Xtigervnc', ':12']);
    expect(server).toContain('/data/run/instances/7/display/Xauthority');
    expect(browser?.at(-1)).toBe('--app=http://127.0.0.1:21000/');
    expect(program).toEqual([]);
  });

  it('names the page of an application that keeps its prefix', () => {
    const [options, , browser] = listsOf({ proxy_mode: 'keep' });
    expect(options).toContain('/instance/my-app/');
    expect(browser?.at(-1)).toBe('--app=http://127.0.0.1:21000/instance/my-app/');
  });

  it('has no browser for a program with windows of its own', () => {
    const [options, , browser] = listsOf({ desktop: true });
    expect([options?.includes('--desktop-program'), options?.includes('--port'), browser]).toEqual([
      true,
      false,
      [],
    ]);
  });

  it('does without what is not installed', () => {
    const [options, , browser] = listsOf({}, { windowManager: null, browser: null });
    expect([options?.includes('--window-manager'), browser]).toEqual([false, []]);
  });
});

describe('the environment of a desktop', () => {
  it('hides the screen on which AiKore itself was started', () => {
    const env = desktopEnvironment(12, '/data/Xauthority');
    expect(env).toMatchObject({ DISPLAY: ':12', XAUTHORITY: '/data/Xauthority', WAYLAND_DISPLAY: null });
  });
});

describe('the warnings of a desktop', () => {
  const part = (state: 'running' | 'restarting' | 'failed', sentence = '') => ({
    state,
    sentence,
    pid: 0,
    restarts: 1,
  });
  it('are of what cannot be kept up, not of what is being mended', () => {
    const state = {
      driver: 'tigervnc',
      display: 12,
      x: part('running'),
      wm: part('restarting', 'W.'),
      kiosk: part('failed', 'K.'),
    };
    expect(desktopWarnings(state)).toEqual(['Its desktop cannot be kept up. K.']);
  });
});
