import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDisplayServers } from './display-servers.js';
import { findKioskBrowser, kioskCommand } from './kiosk-browser.js';

describe('X servers with VNC', () => {
  let root: string;
  let bin: string;
  const install = (name: string, says: string, folder = bin): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${says}" >&2\n`, { mode: 0o755 });
  };
  const found = async () => (await findDisplayServers(bin)).map(({ name, program }) => [name, program]);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'aikore-servers-'));
    bin = join(root, 'bin');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are none where none is installed', async () => {
    expect(await found()).toEqual([]);
  });

  it('are told apart by what they say of themselves, not by their name', async () => {
    install('Xvnc', 'Xvnc KasmVNC 1.5.1 - built Aug 14 2026');
    expect(await found()).toEqual([['kasmvnc', join(bin, 'Xvnc')]]);
    install('Xvnc', 'Xvnc TigerVNC 1.12.0 - built 2023-01-06');
    expect(await found()).toEqual([['tigervnc', join(bin, 'Xvnc')]]);
    install('Xvnc', 'Xvnc TightVNC-1.3.10');
    expect(await found()).toEqual([]);
  });

  it('are the better one first, each under its own name', async () => {
    install('Xvnc', 'Xvnc TigerVNC 1.12.0');
    install('Xtigervnc', 'Xvnc TigerVNC 1.12.0');
    install('Xkasmvnc', 'Xvnc KasmVNC 1.5.1');
    expect(await found()).toEqual([
      ['kasmvnc', join(bin, 'Xkasmvnc')],
      ['tigervnc', join(bin, 'Xtigervnc')],
    ]);
  });

  it('serve a socket only, nothing on TCP, with the secret, and with the flags that each needs', async () => {
    install('Xtigervnc', 'Xvnc TigerVNC 1.12.0');
    install('Xkasmvnc', 'Xvnc KasmVNC 1.5.1');
    const order = { display: 12, socket: 'rfb.sock', authority: '/a b/Xauthority', geometry: '1280x800' };
    const [kasm, tiger] = (await findDisplayServers(bin)).map((server) => server.command(order).join(' '));
    for (const line of [kasm, tiger]) {
      expect(line).toContain(' :12 -rfbunixpath rfb.sock -auth /a b/Xauthority -geometry 1280x800 ');
      expect(line).toContain('-SecurityTypes None');
      expect(line).toContain('-nolisten tcp -nolisten local');
    }
    expect(kasm).toContain('-PublicIP 127.0.0.1 -DisableBasicAuth -BlacklistThreshold 0');
    expect(tiger).toContain(
      '-rfbunixmode 0600 -rfbport -1 -noreset -BlacklistThreshold 1000000 -SendPrimary=0',
    );
  });

  it('say who shows their screen: noVNC, or files of their own', async () => {
    install('Xtigervnc', 'Xvnc TigerVNC 1.12.0');
    install('Xkasmvnc', 'Xvnc KasmVNC 1.5.1');
    const clients = (await findDisplayServers(bin)).map(({ client }) => client);
    expect(clients).toEqual([{ folder: join(root, 'share', 'kasmvnc', 'www') }, 'novnc']);
  });
});

describe('the browser of a desktop', () => {
  const order = { url: 'http://127.0.0.1:21000/', profile: '/data/instances/a b/.aikore/kiosk' };

  it('is Chromium before Firefox, or none', () => {
    const root = mkdtempSync(join(tmpdir(), 'aikore-browsers-'));
    expect(findKioskBrowser(root)).toBeNull();
    for (const name of ['firefox-esr', 'chromium']) {
      writeFileSync(join(root, name), '', { mode: 0o755 });
      expect(findKioskBrowser(root)).toBe(join(root, name));
    }
    rmSync(root, { recursive: true });
  });

  it('fills the screen with one page, has its profile, and no remote debugging', () => {
    const [program, ...flags] = kioskCommand('/usr/bin/chromium', order, false);
    expect(program).toBe('/usr/bin/chromium');
    expect(flags).toEqual(expect.arrayContaining(['--kiosk', `--user-data-dir=${order.profile}`]));
    expect(flags.at(-1)).toBe(`--app=${order.url}`);
    expect(flags.filter((flag) => /remote-debugging|no-sandbox/.test(flag))).toEqual([]);
    expect(kioskCommand('/usr/bin/firefox-esr', order)).toEqual(
      expect.arrayContaining(['--profile', order.profile, '--kiosk', order.url]),
    );
  });

  it('has no sandbox only where it cannot have one', () => {
    expect(kioskCommand('/usr/bin/chromium', order, true)).toContain('--no-sandbox');
  });
});
