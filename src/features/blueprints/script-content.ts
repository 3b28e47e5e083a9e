import type { AppError } from '../../core/errors.js';
import { invalidFields } from '../../core/errors.js';
import { MAX_BLUEPRINT_BYTES } from './blueprint-file.js';
import { scriptProblem, tidyScript } from './domain/script-text.js';

/** A script as it is stored, and what was done to it for that, in sentences. */
export interface ScriptContent {
  bytes: Buffer;
  notes: string[];
}

/**
 * The bytes to store for a text that somebody sent.
 * @param tooLarge what to say over 1 MiB
 * @throws AppError `VALIDATION_FAILED`, or what `tooLarge` makes
 */
export function toScriptContent(content: string, tooLarge: () => AppError): ScriptContent {
  const problem = scriptProblem(content);
  if (problem !== null) throw invalidFields({ content: problem });
  const { text, notes } = tidyScript(content);
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > MAX_BLUEPRINT_BYTES) throw tooLarge();
  return { bytes, notes };
}
