import { h } from '../base/dom.js';

/** The first things that Tab reaches: past the top bar, to where the work is. Seen only with the focus. */
export function skipLinks(toInstances: () => void): HTMLElement {
  const link = (label: string, testId: string, go: () => void) =>
    h(
      'button',
      { type: 'button', class: 'button is-primary skip-link', 'data-testid': testId, onclick: go },
      label,
    );
  return h(
    'div',
    { class: 'skip-links' },
    link('Skip to the instances', 'skip-instances', toInstances),
    link('Skip to the tools', 'skip-tools', () => toTools(toInstances)),
  );
}

/** What can be focused first in the tools; without open tools the instances are next best. */
function toTools(otherwise: () => void): void {
  const target = document.querySelector<HTMLElement>('.tools [tabindex="0"], .tools button, .tools input');
  if (target) target.focus();
  else otherwise();
}
