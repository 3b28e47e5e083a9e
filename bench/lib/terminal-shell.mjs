import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {import('../subjects/terminals.mjs').Terminal} Terminal */
/** @typedef {import('../subjects/terminals.mjs').TerminalSubject} TerminalSubject */

const { Terminal: Screen } = createRequire(import.meta.url)('@xterm/headless');

/** A terminal that shows nothing for so long never will. */
const SHOW_LIMIT_MS = 60_000;

export const MARK = 'fin-of-it';
/** As a line of bash types it, so that its echo is not taken for its output. */
export const TYPED_MARK = 'printf fin-of""-it';

/** What works up a terminal's output, as a browser does. @param {number} scrollback lines */
export function newScreen(scrollback) {
  return new Screen({ cols: 80, rows: 24, scrollback, allowProposedApi: true });
}

/** A terminal at its prompt, whose output is looked through for what is waited for. @param {TerminalSubject} side */
export async function openShell(side, session = '') {
  let tail = '';
  /** @type {{ text: string, found: () => void } | null} */
  let wanted = null;
  const see = (/** @type {Buffer} */ bytes) => {
    tail = (tail + bytes.toString('latin1')).slice(-4096);
    if (wanted === null || !tail.includes(wanted.text)) return;
    wanted.found();
    wanted = null;
  };
  /** Resolves when a text has come and was worked up. */
  const shows = (/** @type {string} */ text) =>
    /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        tail = '';
        const limit = setTimeout(() => {
          const end = JSON.stringify(tail.slice(-200));
          reject(new Error(`${side.name} did not show ${JSON.stringify(text)}, but ${end}`));
        }, SHOW_LIMIT_MS);
        const found = () => {
          clearTimeout(limit);
          resolve();
        };
        wanted = { text, found };
      })
    );
  const ready = session === '' ? shows('prompt> ') : Promise.resolve();
  const open = await side.open((bytes, done) => {
    see(bytes);
    done();
  }, session);
  await ready;
  return { open, shows, see };
}

/** @param {Terminal} open */
export async function end(open) {
  open.type('\x03\rexit\r');
  await Promise.race([open.whenClosed, delay(3000)]);
  open.close();
}
