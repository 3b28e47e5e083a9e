import type { Remedy } from '../../../../contracts/instance.js';

/** What a pattern's named groups caught, made harmless for a sentence. */
export type Caught = Readonly<Record<string, string>>;

/** An entry of the table of known failures. */
export interface KnownFailure {
  /** Stable, lower snake case; several entries may share one. */
  code: string;
  /**
   * Tried on one line at a time. Lines come from applications: repetitions that can begin at many places are bounded, so
   * that no line takes long.
   */
  patterns: readonly RegExp[];
  /** A sentence or two: what happened, and what helps. */
  message: string | ((caught: Caught) => string);
  remedies?: readonly Remedy[] | ((caught: Caught) => readonly Remedy[]);
  /** What is said when something else has failed before; a cause in the lines before it is blamed instead. */
  isSymptom?: boolean;
  /** It is the reason even where a program calls it a warning, as pip does with its retries. */
  isTakenFromWarnings?: boolean;
}

export const rebuild: Remedy = { action: 'rebuild', label: 'Rebuild the environment' };
export const chooseGpu: Remedy = { action: 'choose_gpu', label: 'Choose another GPU' };
export const changePort: Remedy = { action: 'change_port', label: 'Take another port' };
export const setVariable = (variable: string): Remedy => ({
  action: 'set_variable',
  variable,
  label: `Set ${variable}`,
});

/** Longer names and paths say no more in a sentence. */
const MAX_CAUGHT_LENGTH = 120;

/** Control characters, and those that turn or hide the text around them (Unicode TR9, TR36). */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Makes what a program printed harmless inside a sentence: one line, nothing invisible, cut. */
export function clean(text: string): string {
  const plain = text.replace(UNSAFE, '').trim();
  const characters = Array.from(plain);
  return characters.length > MAX_CAUGHT_LENGTH
    ? `${characters.slice(0, MAX_CAUGHT_LENGTH).join('')}…`
    : plain;
}
