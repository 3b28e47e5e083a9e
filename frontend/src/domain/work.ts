import type { Instance } from '../../../src/contracts/instance.js';

/** What an instance that is on its way is doing. */
export interface Work {
  /** The phase that its blueprint announced: `Installing torch`. */
  phase: string;
  /** 0 to 1, where the phase says how far it is (`Installing torch 62 %`); else null. */
  fraction: number | null;
}

const PERCENT = /(?<![\d.,])(\d{1,3}(?:[.,]\d+)?)\s?%/;

/** The installation or start that goes on; null for an instance that rests, runs, or has not said what it does. */
export function workOf({ status, phase }: Pick<Instance, 'status' | 'phase'>): Work | null {
  if (status !== 'starting' || phase === null || phase.trim() === '') return null;
  return { phase, fraction: fractionIn(phase) };
}

function fractionIn(words: string): number | null {
  const percent = Number(PERCENT.exec(words)?.[1]?.replace(',', '.') ?? NaN);
  return percent <= 100 ? percent / 100 : null;
}
