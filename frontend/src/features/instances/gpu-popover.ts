import type { Gpu } from '../../../../src/contracts/system.js';
import { h } from '../../base/dom.js';
import { GpuField } from '../../ui/gpu-field.js';
import { placeBeside } from '../../ui/menu.js';

export interface GpuPopoverOptions {
  anchor: HTMLElement;
  label: string;
  gpus: readonly Gpu[];
  value: string | null;
  change(value: string | null): void;
  done(): void;
}

/** The GPUs of a row with their names and free memory, below its cell. Each click counts; Esc takes all of them back. */
export function openGpuPopover(options: GpuPopoverOptions): void {
  const field = new GpuField(options.gpus, options.value);
  const { root } = field.field;
  const popover = h(
    'div',
    {
      class: 'menu gpu-popover',
      role: 'dialog',
      'aria-label': options.label,
      tabindex: -1,
      popover: 'auto',
      'data-testid': 'gpu-popover',
    },
    root,
  );
  root.addEventListener('change', () => options.change(field.value));
  popover.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') options.change(options.value);
    popover.hidePopover();
  });
  popover.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return;
    const hadFocus = popover.contains(document.activeElement) || document.activeElement === document.body;
    popover.remove();
    if (hadFocus) options.done();
  });
  document.body.append(popover);
  popover.showPopover();
  placeBeside(popover, options.anchor);
  (popover.querySelector<HTMLElement>('input:checked') ?? popover).focus();
}
