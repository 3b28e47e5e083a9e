import { invalidFields } from '../../../core/errors.js';
import type { ScanPosition } from './run-scan.js';

/** Where a search goes on. */
export interface SearchStart extends ScanPosition {
  run: number;
}

/** What is looked for, and where. */
export interface SearchQuery {
  text: string;
  isCaseSensitive: boolean;
  /** null: all runs. */
  run: number | null;
  from: SearchStart | null;
  /** Most hits of an answer. */
  limit: number;
  /** Places only. */
  isBrief: boolean;
}

const MAX_TEXT_LENGTH = 200;
const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1000;
/** What no line holds, or nobody can see; the tab counts as text. */
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Reads the query of a search. @throws AppError `invalid` with a sentence for every wrong value */
export function readSearchQuery(query: Readonly<Record<string, unknown>>): SearchQuery {
  const wrong: Record<string, string> = {};
  const text = textOf(query['q']);
  if (text === null)
    wrong['q'] = `It must be a text of 1 to ${MAX_TEXT_LENGTH} characters without control characters.`;
  const run = query['run'] === undefined ? null : numberOf(query['run'], 0, Number.MAX_SAFE_INTEGER);
  if (Number.isNaN(run)) wrong['run'] = 'It must be the number of a run.';
  const limit = query['limit'] === undefined ? DEFAULT_LIMIT : numberOf(query['limit'], 1, MAX_LIMIT);
  if (Number.isNaN(limit)) wrong['limit'] = `It must be a whole number from 1 to ${MAX_LIMIT}.`;
  const isCaseSensitive = query['case'] === '1';
  for (const name of ['case', 'brief'])
    if (![undefined, '0', '1'].includes(query[name] as string | undefined))
      wrong[name] = 'It must be 0 or 1.';
  const from = startOf(query['from']);
  if (from === undefined || (from !== null && run !== null && from.run !== run))
    wrong['from'] = 'It must be what the search before has given as next.';
  if (Object.keys(wrong).length > 0) throw invalidFields(wrong);
  const isBrief = query['brief'] === '1';
  return { text: text ?? '', isCaseSensitive, run, from: from ?? null, limit, isBrief };
}

/** Value for `from` of the next search. */
export function nextOf({ run, offset, lineOffset }: SearchStart): string {
  return [run, offset, lineOffset].join(':');
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || CONTROLS.test(value)) return null;
  return value.length <= MAX_TEXT_LENGTH ? value : null;
}

function numberOf(value: unknown, min: number, max: number): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  return number >= min && number <= max ? number : Number.NaN;
}

/** null when it is absent, undefined when it is wrong. */
function startOf(value: unknown): SearchStart | null | undefined {
  if (value === undefined) return null;
  if (typeof value !== 'string' || !/^\d{1,15}:\d{1,15}:\d{1,15}$/.test(value)) return undefined;
  const [run = 0, offset = 0, lineOffset = 0] = value.split(':').map(Number);
  return lineOffset <= offset ? { run, offset, lineOffset } : undefined;
}
