import { h, replaceChildren, setText } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { button } from './button.js';
import { topLayerChanged, topLayerHost } from './dialog.js';
import { icon } from './icon.js';
import type { IconName } from './icon.js';

export interface ToastModel {
  id: number;
  level: 'success' | 'info' | 'warning' | 'error';
  message: string;
  detail: string | null;
  action: { label: string; run: () => void } | null;
  count: number;
}

const SHOWN_MS = 4_000;
const SHOWN_WITH_ACTION_MS = 8_000;
const ICONS: Record<ToastModel['level'], IconName> = {
  success: 'check',
  info: 'info',
  warning: 'warning',
  error: 'status-error',
};

interface Toast {
  element: HTMLElement;
  count: HTMLElement;
  timer: number | null;
}

/** Shows messages in a corner. Errors stay until they are closed; the others go by themselves unless looked at. */
export class Toaster implements Disposable {
  private readonly element = h('div', {
    class: 'toasts',
    role: 'region',
    'aria-label': 'Messages',
    'aria-live': 'polite',
    popover: 'manual',
    'data-testid': 'toasts',
  });
  private readonly toasts = new Map<number, Toast>();
  private readonly resources = new DisposableStore();

  constructor(private readonly dismiss: (id: number) => void) {
    document.body.append(this.element);
    this.resources.add(topLayerChanged.on(() => this.raise()));
    this.resources.defer(() => this.element.remove());
  }

  show(models: readonly ToastModel[]): void {
    const wanted = new Set(models.map(({ id }) => id));
    for (const [id, toast] of this.toasts) if (!wanted.has(id)) this.remove(id, toast);
    for (const model of models) this.put(model);
    this.raise();
  }

  dispose(): void {
    for (const [id, toast] of this.toasts) this.remove(id, toast);
    this.resources.dispose();
  }

  /** Moves above whatever dialog is open: outside of a modal one a message could neither be read aloud nor closed. */
  private raise(): void {
    const host = topLayerHost();
    if (this.element.parentElement !== host) host.append(this.element);
    if (this.element.matches(':popover-open')) this.element.hidePopover();
    if (this.toasts.size > 0) this.element.showPopover();
  }

  private put(model: ToastModel): void {
    const present = this.toasts.get(model.id);
    if (present) {
      const count = countText(model);
      if (present.count.textContent === count) return;
      setText(present.count, count);
      this.restartTimer(model, present);
      return;
    }
    const toast = this.build(model);
    this.toasts.set(model.id, toast);
    this.element.append(toast.element);
    this.restartTimer(model, toast);
  }

  private build(model: ToastModel): Toast {
    const count = h('span', { class: 'toast-count' }, countText(model));
    const element = h(
      'div',
      {
        class: `toast is-${model.level}`,
        role: model.level === 'error' ? 'alert' : null,
        'data-testid': `toast-${model.level}`,
      },
      icon(ICONS[model.level]),
      h('div', { class: 'toast-text' }, h('p', null, model.message, ' ', count), this.footer(model)),
      button({
        label: 'Close message',
        icon: 'close',
        isIconOnly: true,
        kind: 'quiet',
        onClick: () => this.dismiss(model.id),
      }),
    );
    const toast: Toast = { element, count, timer: null };
    element.addEventListener('pointerenter', () => stopTimer(toast));
    element.addEventListener('pointerleave', () => this.restartTimer(model, toast));
    return toast;
  }

  private footer(model: ToastModel): HTMLElement | null {
    if (model.detail === null && model.action === null) return null;
    const footer = h('div', { class: 'toast-footer' });
    const { detail, action } = model;
    if (detail !== null) footer.append(h('code', null, detail), copyButton(`${model.message}\n${detail}`));
    if (action) {
      const run = () => {
        this.dismiss(model.id);
        action.run();
      };
      footer.append(button({ label: action.label, onClick: run }));
    }
    return footer;
  }

  private restartTimer(model: ToastModel, toast: Toast): void {
    stopTimer(toast);
    const isStaying = model.level === 'error' || (model.action !== null && model.level !== 'success');
    if (isStaying) return;
    const shownMs = model.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS;
    toast.timer = window.setTimeout(() => this.dismiss(model.id), shownMs);
  }

  private remove(id: number, toast: Toast): void {
    stopTimer(toast);
    toast.element.remove();
    this.toasts.delete(id);
  }
}

function countText(model: ToastModel): string {
  return model.count > 1 ? `×${String(model.count)}` : '';
}

function stopTimer(toast: Toast): void {
  if (toast.timer !== null) window.clearTimeout(toast.timer);
  toast.timer = null;
}

function copyButton(text: string): HTMLButtonElement {
  const copy = button({
    label: 'Copy',
    icon: 'copy',
    kind: 'quiet',
    onClick: () => void copyText(text, copy),
  });
  return copy;
}

/** The clipboard is there only on secure origins (https, localhost); elsewhere the words are selected for Ctrl+C. */
async function copyText(text: string, copy: HTMLButtonElement): Promise<void> {
  const toast = copy.closest('.toast-text');
  try {
    await navigator.clipboard.writeText(text);
    replaceChildren(copy, icon('check'), h('span', null, 'Copied'));
  } catch {
    if (toast) window.getSelection()?.selectAllChildren(toast);
  }
}
