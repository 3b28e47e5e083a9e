import { h, uniqueId } from '../base/dom.js';
import { Emitter } from '../base/observable.js';
import { button } from './button.js';

export interface DialogOptions {
  title: string;
  testId: string;
  content: readonly Node[];
  /** Buttons at the foot; the first of type `submit` is what Enter presses. */
  footer?: readonly Node[];
  /** It holds nothing that takes the focus, so the arrows have to scroll it. */
  isReadOnly?: boolean;
  width?: 'narrow' | 'normal' | 'wide' | 'sheet';
  role?: 'dialog' | 'alertdialog';
  onSubmit?: (submitter: HTMLElement | null) => void;
  onClose?: () => void;
  /** Asked before Esc or its button closes the dialog, such as when something is unsaved. */
  mayClose?: () => Promise<boolean>;
}

export interface OpenDialog {
  element: HTMLDialogElement;
  form: HTMLFormElement;
  close(): void;
}

/** Fires when a modal dialog opened or closed: what floats over the page has to move with the top layer. */
export const topLayerChanged = new Emitter<void>();

/** The modal dialog on top, or the body. Everything outside of it is inert. */
export function topLayerHost(): HTMLElement {
  const open = [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')];
  return open.at(-1) ?? document.body;
}

/** Opens a modal dialog. Esc closes it, the focus goes to `[autofocus]` and returns where it came from. */
export function openDialog(options: DialogOptions): OpenDialog {
  const opener = document.activeElement;
  const titleId = uniqueId('dialog-title');
  const form = h(
    'form',
    { class: 'dialog-form', novalidate: true, autocomplete: 'off' },
    header(options.title, titleId, () => void leave(element, options)),
    h('div', { class: 'dialog-body', tabindex: options.isReadOnly === true ? 0 : null }, ...options.content),
    options.footer ? h('footer', { class: 'dialog-footer' }, ...options.footer) : null,
  );
  const element = h(
    'dialog',
    {
      class: `dialog is-${options.width ?? 'normal'}`,
      role: options.role,
      'aria-labelledby': titleId,
      'data-testid': options.testId,
    },
    form,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    options.onSubmit?.(event.submitter);
  });
  element.addEventListener('close', () => {
    element.remove();
    topLayerChanged.fire();
    restoreFocus(opener);
    options.onClose?.();
  });
  if (options.mayClose) element.addEventListener('keydown', (event) => leaveByKey(event, element, options));
  document.body.append(element);
  element.showModal();
  topLayerChanged.fire();
  return { element, form, close: () => element.close() };
}

async function leave(element: HTMLDialogElement, { mayClose }: DialogOptions): Promise<void> {
  if (mayClose === undefined || (await mayClose())) element.close();
}

/** A browser lets a page hold its own closing by Esc up only once; a key that was taken never comes to that. */
function leaveByKey(event: KeyboardEvent, element: HTMLDialogElement, options: DialogOptions): void {
  if (event.key !== 'Escape') return;
  const isTaken = event.defaultPrevented;
  event.preventDefault();
  if (!isTaken) void leave(element, options);
}

function header(title: string, titleId: string, onClose: () => void): HTMLElement {
  const close = button({
    label: 'Close',
    icon: 'close',
    isIconOnly: true,
    kind: 'quiet',
    onClick: onClose,
    testId: 'dialog-close',
  });
  return h('header', { class: 'dialog-header' }, h('h2', { id: titleId }, title), close);
}

/** The browser gives the focus back by itself unless the opener was in a menu; who moved it on meanwhile keeps it. */
function restoreFocus(opener: Element | null): void {
  if (document.activeElement !== document.body) return;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
}

export interface ConfirmOptions {
  title: string;
  testId: string;
  /** What will be lost, and how to get it back. */
  paragraphs: readonly string[];
  /** What is to be decided with it, below the paragraphs. */
  content?: readonly Node[];
  confirmLabel: string;
  cancelLabel?: string;
  /** Nothing is lost by it. */
  isHarmless?: boolean;
}

/** Asks before something is lost. The safe choice has the focus; closing is no. */
export function confirmDialog(options: ConfirmOptions): Promise<boolean> {
  return new Promise((resolve) => {
    let isConfirmed = false;
    const dialog = openDialog({
      title: options.title,
      testId: options.testId,
      role: 'alertdialog',
      width: 'narrow',
      content: [...options.paragraphs.map((text) => h('p', null, text)), ...(options.content ?? [])],
      footer: [
        button({
          label: options.cancelLabel ?? 'Cancel',
          testId: 'confirm-cancel',
          attributes: { autofocus: true },
          onClick: () => dialog.close(),
        }),
        button({
          label: options.confirmLabel,
          kind: options.isHarmless === true ? 'primary' : 'danger',
          testId: 'confirm-ok',
          onClick: () => {
            isConfirmed = true;
            dialog.close();
          },
        }),
      ],
      onClose: () => resolve(isConfirmed),
    });
  });
}
