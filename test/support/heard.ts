import type { Page } from 'playwright-core';
import { waitFor } from './wait.js';

export interface Heard {
  urgency: 'polite' | 'assertive';
  text: string;
}

/**
 * Notes what a screen reader would read aloud by itself: changes of text in live regions, except of those that an open modal
 * dialog keeps from being read.
 */
const LISTEN = `
  window.heard = [];
  const urgencyOf = (region) =>
    region.getAttribute('aria-live') ?? (region.getAttribute('role') === 'alert' ? 'assertive' : 'polite');
  new MutationObserver((mutations) => {
    const regions = new Set();
    for (const { target } of mutations) {
      const element = target instanceof Element ? target : target.parentElement;
      const region = element?.closest('[aria-live], [role="alert"], [role="status"]');
      if (region) regions.add(region);
    }
    const dialog = [...document.querySelectorAll('dialog:modal')].at(-1);
    for (const region of regions) {
      const text = region.textContent.trim();
      const isRead = region.checkVisibility() && (!dialog || dialog.contains(region));
      if (isRead && text !== '') window.heard.push({ urgency: urgencyOf(region), text });
    }
  }).observe(document.documentElement, { childList: true, characterData: true, subtree: true });
`;

export async function listenToLiveRegions(page: Page): Promise<void> {
  await page.evaluate(LISTEN);
}

/** Waits until something like that was read aloud. @throws Error with what was heard instead */
export async function waitToHear(page: Page, expected: RegExp, urgency: Heard['urgency']): Promise<string> {
  let heard: Heard[] = [];
  return waitFor(`${urgency} ${String(expected)}`, async () => {
    heard = await page.evaluate<Heard[]>('window.heard');
    return heard.find((each) => each.urgency === urgency && expected.test(each.text))?.text ?? false;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; heard was ${JSON.stringify(heard)}`);
  });
}
