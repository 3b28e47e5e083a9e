import type { Page } from 'playwright-core';
import type { AiKoreProcess } from './aikore-process.js';

/** How Chromium names a request that a killed server took with it: by how far the connection had come. */
const SERVER_AWAY =
  /ERR_(?:CONNECTION_\w+|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|FAILED)/;

/** What it writes to the console of a server that begins or asks for a sign-in, and of plain HTTP under a name. */
const USUAL =
  /status of (?:401|503)|HTTP Authentication failed|Cross-Origin-Opener-Policy header has been ignored/;

/** What it writes when AiKore refuses what another page made impossible. */
export const REFUSALS = /status of 4(04|09|12|22)/;

export interface Watching {
  /** Where the faults are gathered; several pages may share it. */
  faults: string[];
  /** Errors in the console that belong to the story of the test, beside those of a server that is away. */
  expected?: RegExp;
  /** Other names by which the browser reaches this AiKore. */
  hosts?: readonly string[];
  /** Ports of the published range that the page may ask. */
  ports?: readonly number[];
}

/** Gathers what goes wrong in a page: errors, what the console says of them, and requests for anybody but AiKore. */
export function watchFaults(page: Page, aikore: AiKoreProcess, watching: Watching): void {
  const { faults, expected } = watching;
  const names = [new URL(aikore.dashboardUrl).hostname, ...(watching.hosts ?? [])];
  const ports = [aikore.port, aikore.appsPort, ...(watching.ports ?? [])].map(String);
  const noteForeign = (address: string): void => {
    const { protocol, hostname, port } = new URL(address);
    if (!/^(https?|wss?):$/.test(protocol)) return;
    if (!names.includes(hostname) || !ports.includes(port)) faults.push(`asked elsewhere: ${address}`);
  };
  page.on('request', (request) => noteForeign(request.url()));
  page.on('websocket', (socket) => noteForeign(socket.url()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    const isFault = message.type() === 'error' || /content security policy/i.test(text);
    const said = `${text} (${message.location().url})`;
    if (isFault && !SERVER_AWAY.test(said) && !USUAL.test(said) && expected?.test(said) !== true)
      faults.push(said);
  });
}

/** For pages that never ask anything: a dialog is then the work of somebody else's script. */
export function watchDialogs(page: Page, faults: string[]): void {
  page.on('dialog', (dialog) => {
    faults.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
}
