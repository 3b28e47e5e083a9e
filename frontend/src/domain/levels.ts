import type { DiskState } from '../../../src/contracts/system.js';
import type { Meaning } from './status.js';

/** What a figure means, in a word and a colour; no word where all is well. */
export interface Level {
  word: string;
  meaning: Meaning;
}

const FINE: Level = { word: '', meaning: 'fine' };

function level(value: number, attention: number, failed: number, words: [string, string]): Level {
  if (value >= failed) return { word: words[1], meaning: 'failed' };
  return value >= attention ? { word: words[0], meaning: 'attention' } : FINE;
}

/** A processor that is used is what one wants; it is only worth a word. @param percent of all cores together */
export function cpuLevel(percent: number): Level {
  return percent >= 90 ? { word: 'busy', meaning: 'attention' } : FINE;
}

/** @param share of the memory in use, 0–1 */
export function memoryLevel(share: number): Level {
  return level(share, 0.9, 0.97, ['high', 'almost full']);
}

/** As the server judges it. */
export function diskLevel(state: DiskState): Level {
  if (state === 'full') return { word: 'full', meaning: 'failed' };
  return state === 'low' ? { word: 'low', meaning: 'attention' } : FINE;
}

/** Cards of servers slow down at about 90 °C, others a little earlier. */
export function temperatureLevel(celsius: number | null): Level {
  return celsius === null ? FINE : level(celsius, 80, 90, ['hot', 'too hot']);
}
