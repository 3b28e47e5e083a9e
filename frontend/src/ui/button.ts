import { h, setAttribute } from '../base/dom.js';
import type { Attributes } from '../base/dom.js';
import { icon } from './icon.js';
import type { IconName } from './icon.js';

export interface ButtonOptions {
  label: string;
  icon?: IconName;
  /** Shows the picture only; the label becomes the accessible name and the tooltip. */
  isIconOnly?: boolean;
  kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  type?: 'button' | 'submit';
  testId?: string;
  onClick?: (event: MouseEvent) => void;
  attributes?: Attributes;
}

export function button(options: ButtonOptions): HTMLButtonElement {
  const isIconOnly = options.isIconOnly === true;
  return h(
    'button',
    {
      type: options.type ?? 'button',
      class: `button is-${options.kind ?? 'plain'}${isIconOnly ? ' is-icon' : ''}`,
      'aria-label': isIconOnly ? options.label : null,
      'data-tip': isIconOnly ? options.label : null,
      'data-testid': options.testId,
      ...options.attributes,
      ...(options.onClick ? { onclick: guarded(options.onClick) } : {}),
    },
    options.icon ? icon(options.icon) : null,
    isIconOnly ? null : h('span', null, options.label),
  );
}

function guarded(run: (event: MouseEvent) => void): (event: MouseEvent) => void {
  return (event) => {
    const target = event.currentTarget;
    if (target instanceof Element && target.getAttribute('aria-disabled') === 'true') return;
    run(event);
  };
}

/**
 * Greys a button and says why, or makes it usable for null. `aria-disabled` and not `disabled`: the reason must be reachable
 * with the keyboard.
 */
export function setDisabledReason(
  element: HTMLElement,
  reason: string | null,
  tip: string | null = null,
): void {
  setAttribute(element, 'aria-disabled', reason === null ? null : 'true');
  setAttribute(element, 'data-tip', reason ?? tip);
}
