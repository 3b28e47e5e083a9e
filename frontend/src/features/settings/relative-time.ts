import { h } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';

/** A time as people say it, the exact one on hover and focus. */
function timeElement(iso: string, words: (age: string) => string): HTMLElement {
  const age = ageMs(iso, Date.now());
  return h(
    'time',
    { datetime: iso, 'data-tip': formatExact(iso) },
    words(age === null ? iso : formatAge(Math.abs(age))),
  );
}

export function pastTime(iso: string, prefix = ''): HTMLElement {
  return timeElement(iso, (age) => `${prefix}${age} ago`);
}

export function futureTime(iso: string, prefix = ''): HTMLElement {
  return timeElement(iso, (age) => `${prefix}in ${age}`);
}
