import type { RawHeaders } from './raw-headers.js';
import { headerValue, headerValues } from './raw-headers.js';

/** How the browser runs the script of a worker. */
export type WorkerKind = 'classic' | 'module';

/**
 * The shim of a page marks the addresses of workers (browsers do so themselves, with `Sec-Fetch-Dest`, only for
 * trustworthy origins). In the query, so that what the worker names relative to its own address stays where it is.
 */
const MARK = /[?&]aikore_worker=(classic|module)$/;

/** The kind of worker whose script this target asks for, or null. */
export function workerKindOf(target: string): WorkerKind | null {
  return (MARK.exec(target)?.[1] as WorkerKind | undefined) ?? null;
}

/** The target as the application wrote it. */
export function withoutWorkerMark(target: string): string {
  return target.replace(MARK, '');
}

/** Whether an answer is a script that a prelude can be put before. */
export function isPreludeable(method: string, status: number, raw: RawHeaders): boolean {
  if (method !== 'GET' || status !== 200) return false;
  const type = (headerValue(raw, 'content-type') ?? '').toLowerCase();
  if (!/^\s*(text|application)\/(x-)?(java|ecma)script\s*(;|$)/.test(type)) return false;
  return headerValues(raw, 'content-encoding').every((coding) => coding.trim().toLowerCase() === 'identity');
}

/**
 * What a worker's script begins with, on its first line, so that line numbers stay true.
 * @param address of the shim.
 * @param beginning of the script: its directive must stay the first statement.
 */
export function workerPrelude(kind: WorkerKind, address: string, beginning: string): string {
  const quoted = JSON.stringify(address);
  if (kind === 'module') return `import ${quoted};`;
  const directive = /^\s*(['"])use strict\1/.test(beginning) ? '"use strict";' : '';
  // A policy of the worker's own may forbid the shim, which must not cost the worker.
  return `${directive}try{importScripts(${quoted})}catch{}`.concat(';');
}
