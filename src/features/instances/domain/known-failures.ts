import type { Failure } from '../../../contracts/instance.js';
import { crashFailures } from './known-failures/crashes.js';
import { gitFailures } from './known-failures/git.js';
import { gpuFailures } from './known-failures/gpu.js';
import { clean } from './known-failures/known-failure.js';
import type { Caught, KnownFailure } from './known-failures/known-failure.js';
import { modelFailures } from './known-failures/models.js';
import { networkFailures } from './known-failures/network.js';
import { packageFailures } from './known-failures/packages.js';
import { pythonFailures } from './known-failures/python.js';
import { shellFailures } from './known-failures/shell.js';
import { systemFailures } from './known-failures/system.js';

/** On one line the first that fits wins: what is specific stands before what is general. */
export const KNOWN_FAILURES: readonly KnownFailure[] = [
  ...gpuFailures,
  ...gitFailures,
  ...pythonFailures,
  ...packageFailures,
  ...modelFailures,
  ...networkFailures,
  ...systemFailures,
  ...shellFailures,
  ...crashFailures,
];

/** Of a longer line only the beginning is looked at, so that no line takes long. */
const MAX_LINE_LENGTH = 1000;

/** Lines at the end that are looked at; a trace is shorter. */
export const MAX_LINES = 400;

/** Ordinary lines after an error from which on the program is taken to have survived it. */
export const MAX_LINES_AFTER = 25;

/** Lines that belong to an error, not to what a program did after it: traces, their frames, npm's and torchrun's reports. */
const PART_OF_ERROR =
  /^(?:\s|\[rank\d|Traceback |During handling|The above exception|npm (?:ERR!|error)|[=\-^~╭│╰─]{2}|$)/;

/** What only a program that goes on prints: it serves, has installed, or its script has reached the next step. */
const GOES_ON =
  /^==> |Running on (?:local|public) URL|To see the GUI go to|Uvicorn running on|Application startup complete|Prompt executed in|Successfully installed |Server (?:is )?(?:listening|started|running)/i;

/** The program itself says that it dealt with the error. */
const IS_HANDLED =
  /\b(?:caught|handled|falling back|skipp(?:ed|ing)|ignor(?:ed|ing)|(?:re)?try(?:ing)? (?:again|with)|reducing|recovered)\b/i;

const IS_WARNING = /^.{0,80}(?:\b(?:WARN|WARNING)\b|\b[A-Z]\w{0,30}Warning:|\bwarning:)/;

/**
 * Finds the known reason in the last lines of a run that failed, as plain text. The one nearest to the end wins, and a
 * cause before a mere symptom; what the program survived or called a warning is not blamed.
 * @param maxLinesAfter ordinary lines that may follow it
 */
export function findKnownFailure(
  lines: readonly string[],
  maxLinesAfter = MAX_LINES_AFTER,
  table: readonly KnownFailure[] = KNOWN_FAILURES,
): Failure | null {
  let symptom: Failure | null = null;
  let linesAfter = 0;
  for (const whole of lines.slice(-MAX_LINES).reverse()) {
    if (linesAfter > maxLinesAfter) break;
    const line = whole.slice(0, MAX_LINE_LENGTH);
    if (GOES_ON.test(line)) break;
    const found = match(line, table);
    if (found !== null && !found.isSymptom) return found.failure;
    symptom ??= found?.failure ?? null;
    if (!PART_OF_ERROR.test(line)) linesAfter += 1;
  }
  return symptom;
}

function match(
  line: string,
  table: readonly KnownFailure[],
): { failure: Failure; isSymptom: boolean } | null {
  for (const entry of table) {
    for (const pattern of entry.patterns) {
      const result = pattern.exec(line);
      if (result === null || !isBlamed(line, entry)) continue;
      return { failure: describe(entry, result.groups ?? {}), isSymptom: entry.isSymptom === true };
    }
  }
  return null;
}

function isBlamed(line: string, entry: KnownFailure): boolean {
  if (IS_HANDLED.test(line)) return false;
  return entry.isTakenFromWarnings === true || !IS_WARNING.test(line);
}

function describe(
  { code, message, remedies }: KnownFailure,
  groups: Record<string, string | undefined>,
): Failure {
  const caught: Caught = Object.fromEntries(
    Object.entries(groups).map(([name, text]) => [name, clean(text ?? '')]),
  );
  const offered = typeof remedies === 'function' ? remedies(caught) : (remedies ?? []);
  return {
    code,
    message: typeof message === 'function' ? message(caught) : message,
    remedies: [...offered],
  };
}
