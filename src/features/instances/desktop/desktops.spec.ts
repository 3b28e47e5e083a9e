import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reserveDisplay } from '../../../host/xserver/display-lock.js';
import { DISPLAY_DRIVERS } from '../../../host/xserver/display-driver.js';
import { DisplayServer } from '../../../host/xserver/display-servers.js';
import { InstancePaths } from '../instance-paths.js';
import type { InstanceEntity } from '../instance.entity.js';
import { Desktops } from './desktops.js';

const driver = DISPLAY_DRIVERS.find(({ name }) => name === 'tigervnc');
if (driver === undefined) throw new Error('there is no driver for TigerVNC');
const programs = {
  launcher: '/opt/launch.sh',
  server: new DisplayServer(driver, '/usr/bin/Xtigervnc'),
  windowManager: null,
  browser: null,
};
const definition = { desktop: false, proxy_mode: 'strip' as const };

describe('the display number of a desktop, reserved for its helper', () => {
  let root: string;
  let desktops: Desktops;
  let display = 0;
  const lock = () => `/tmp/.X${display}-lock`;
  const row = (persistent_mode: boolean): InstanceEntity =>
    ({ id: 7, name: 'app', slug: 'app', persistent_mode, persistent_display: display }) as InstanceEntity;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'aikore-desktops-'));
    desktops = new Desktops({ paths: new InstancePaths(root), programs });
    display = 400;
    while (existsSync(lock()) || existsSync(`/tmp/.X11-unix/X${display}`)) display += 1;
    expect(await reserveDisplay(display)).toBe(true);
  });
  afterEach(() => {
    rmSync(lock(), { force: true });
    rmSync(root, { recursive: true, force: true });
  });

  it('stays while the run is prepared, and is given back when it is over', async () => {
    expect(await desktops.prepare(row(true), 21_000, definition)).toHaveProperty('command');
    expect(existsSync(lock())).toBe(true);
    await desktops.abandon(row(true));
    expect(existsSync(lock())).toBe(false);
  });

  it('is given back when the desktop is not wanted any more', async () => {
    expect(await desktops.prepare(row(false), 21_000, definition)).toBeNull();
    expect(existsSync(lock())).toBe(false);
  });
});
