import type { DesktopStatus } from '../../../src/contracts/desktop.js';

/** How far the page has come. */
export type Stage =
  /** The state has been asked for, for the first time. */
  | 'asking'
  /** There is no display yet. */
  | 'waiting'
  | 'connecting'
  /** The desktop is on the screen. */
  | 'shown'
  /** It was on the screen, and comes back as soon as it can. */
  | 'lost'
  /** AiKore does not answer. */
  | 'away'
  /** The instance has no desktop any more. */
  | 'gone'
  /** As many windows as may be show it already. */
  | 'crowded';

export interface Words {
  heading: string;
  sentence: string;
}

/** What the page says in a stage in which there is no desktop to see. */
export function wordsFor(stage: Stage, status: DesktopStatus | null): Words {
  const name = status?.name ?? 'the instance';
  switch (stage) {
    case 'asking':
      return { heading: 'Desktop', sentence: 'Asking AiKore…' };
    case 'connecting':
      return { heading: `Connecting to ${name}`, sentence: '' };
    case 'shown':
      return { heading: name, sentence: 'Connected.' };
    case 'lost':
      return {
        heading: `The display of ${name} has gone`,
        sentence: status?.trouble ?? 'It is started again; this page shows it as soon as it is there.',
      };
    case 'away':
      return {
        heading: 'AiKore does not answer',
        sentence: 'This page keeps trying, and shows the desktop as soon as it can.',
      };
    case 'gone':
      return {
        heading: 'There is no desktop here any more',
        sentence: 'The instance was deleted, or runs without a desktop now.',
      };
    case 'crowded':
      return {
        heading: 'Too many windows show this desktop',
        sentence: `Close one of the others; this page takes its place.`,
      };
    case 'waiting':
      return { heading: status?.heading ?? 'Desktop', sentence: status?.reason ?? '' };
  }
}
