import { readSmallFile } from '../files/regular-file.js';
import { withoutUnwanted } from '../../core/text/domain/unwanted.js';

/** Parts of a desktop, as the launcher's state file names them: X server, window manager, browser. */
export type DesktopPart = 'x' | 'wm' | 'kiosk';
export type PartState = 'off' | 'starting' | 'running' | 'restarting' | 'failed';

export interface PartFacts {
  state: PartState;
  /** Why it is so, in a sentence; may be empty. */
  sentence: string;
  pid: number;
  restarts: number;
}

/** What the helper of a desktop (scripts/desktop/session.sh) knows. */
export interface DesktopState extends Record<DesktopPart, PartFacts> {
  driver: string;
  display: number;
}

const STATES: ReadonlySet<unknown> = new Set(['off', 'starting', 'running', 'restarting', 'failed']);
const MAX_BYTES = 8192;
const MAX_SENTENCE_LENGTH = 300;

/** Reads a state file, which the application can write too; null when there is none that makes sense. */
export async function readDesktopState(path: string): Promise<DesktopState | null> {
  const text = await readSmallFile(path, MAX_BYTES).catch(() => null);
  return text === null ? null : parseDesktopState(text);
}

export function parseDesktopState(text: string): DesktopState | null {
  const root = asRecord(parseJson(text));
  const [x, wm, kiosk] = [root['x'], root['wm'], root['kiosk']].map(partOf);
  const { driver, display } = root;
  if (!x || !wm || !kiosk || typeof driver !== 'string' || !isCount(display)) return null;
  return { driver: driver.slice(0, 32), display, x, wm, kiosk };
}

function partOf(value: unknown): PartFacts | null {
  const { state, sentence, pid, restarts } = asRecord(value);
  if (!STATES.has(state) || typeof sentence !== 'string' || !isCount(pid) || !isCount(restarts)) return null;
  const shown = withoutUnwanted(sentence).slice(0, MAX_SENTENCE_LENGTH);
  return { state: state as PartState, sentence: shown, pid, restarts };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
