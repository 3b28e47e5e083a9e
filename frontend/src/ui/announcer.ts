import { h, setText } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { topLayerChanged, topLayerHost } from './dialog.js';

export type Urgency = 'polite' | 'assertive';

/** What is said within this time is said in one breath. */
const GATHER_MS = 500;
/** A screen reader hears of a region only when its text changes after it is in the page. */
const SETTLE_MS = 60;
const CLEAR_AFTER_MS = 6_000;
/** More than that nobody listens to. */
const MOST_AT_ONCE = 4;

/** Says things to screen readers, and only to them: gathered, one breath at a time. */
export class Announcer implements Disposable {
  private readonly regions: Record<Urgency, HTMLElement> = {
    polite: region('polite', 'status'),
    assertive: region('assertive', 'alert'),
  };
  private readonly waiting: Record<Urgency, string[]> = { polite: [], assertive: [] };
  private readonly timers: Record<Urgency, number | null> = { polite: null, assertive: null };
  private readonly element = h(
    'div',
    { class: 'is-off-screen', 'data-testid': 'announcer' },
    this.regions.polite,
    this.regions.assertive,
  );
  private readonly resources = new DisposableStore();

  constructor() {
    this.raise();
    this.resources.add(topLayerChanged.on(() => this.raise()));
    this.resources.defer(() => this.element.remove());
  }

  announce(text: string, urgency: Urgency = 'polite'): void {
    const waiting = this.waiting[urgency];
    if (waiting.at(-1) !== text) waiting.push(text);
    const delayMs = urgency === 'polite' ? GATHER_MS : SETTLE_MS;
    this.timers[urgency] ??= window.setTimeout(() => this.speak(urgency), delayMs);
  }

  dispose(): void {
    for (const timer of Object.values(this.timers)) if (timer !== null) window.clearTimeout(timer);
    this.resources.dispose();
  }

  /** Outside of an open modal dialog nothing is read aloud. */
  private raise(): void {
    const host = topLayerHost();
    if (this.element.parentElement !== host) host.append(this.element);
  }

  private speak(urgency: Urgency): void {
    const region = this.regions[urgency];
    const text = inOneBreath(this.waiting[urgency]);
    this.waiting[urgency] = [];
    this.raise();
    setText(region, '');
    this.timers[urgency] = window.setTimeout(() => {
      setText(region, text);
      this.timers[urgency] = null;
      if (this.waiting[urgency].length > 0)
        this.timers[urgency] = window.setTimeout(() => this.speak(urgency), GATHER_MS);
      else window.setTimeout(() => region.textContent === text && setText(region, ''), CLEAR_AFTER_MS);
    }, SETTLE_MS);
  }
}

/** Joins sentences; of many the last ones and how many there were. */
export function inOneBreath(sentences: readonly string[]): string {
  const shown = sentences.slice(-MOST_AT_ONCE);
  const rest = sentences.length - shown.length;
  const joined = shown.map((sentence) => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`)).join(' ');
  return rest === 0 ? joined : `${joined} And ${String(rest)} more messages.`;
}

function region(live: Urgency, role: 'status' | 'alert'): HTMLElement {
  return h('div', { role, 'aria-live': live, 'aria-atomic': 'true', 'data-testid': `announcer-${live}` });
}
