import { h, setText } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import type { Announcer } from './announcer.js';
import { button } from './button.js';
import { topLayerChanged, topLayerHost } from './dialog.js';
import { icon } from './icon.js';
import type { IconName } from './icon.js';
import { detailsPanel } from './toast-details.js';

export interface ToastModel {
  id: number;
  level: 'success' | 'info' | 'warning' | 'error';
  message: string;
  detail: string | null;
  action: { label: string; run: () => void } | null;
  code: string | null;
  requestId: string | null;
  atMs: number;
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
    popover: 'manual',
    'data-testid': 'toasts',
  });
  private readonly toasts = new Map<number, Toast>();
  private readonly resources = new DisposableStore();

  /** Where the focus was before it came into the messages. */
  private cameFrom: HTMLElement | null = null;

  constructor(
    private readonly dismiss: (id: number) => void,
    private readonly announcer: Announcer,
  ) {
    document.body.append(this.element);
    this.element.addEventListener('focusin', (event) => this.noteOrigin(event));
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
      this.say(model);
      this.restartTimer(model, present);
      return;
    }
    this.say(model);
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
    for (const type of ['pointerenter', 'focusin'] as const)
      element.addEventListener(type, () => stopTimer(toast));
    for (const type of ['pointerleave', 'focusout'] as const)
      element.addEventListener(type, () => this.restartTimer(model, toast));
    return toast;
  }

  private footer(model: ToastModel): HTMLElement | null {
    const { code, action } = model;
    if (model.level !== 'error' && code === null && action === null) return null;
    const footer = h('div', { class: 'toast-footer' });
    if (model.level === 'error' || code !== null) {
      const { buttons, panel } = detailsPanel(model);
      footer.append(...buttons, panel);
    }
    if (action) {
      const run = () => {
        this.dismiss(model.id);
        action.run();
      };
      footer.prepend(button({ label: action.label, onClick: run }));
    }
    return footer;
  }

  private restartTimer(model: ToastModel, toast: Toast): void {
    stopTimer(toast);
    const isStaying = model.level === 'error' || (model.action !== null && model.level !== 'success');
    const isLookedAt = toast.element.matches(':hover, :focus-within');
    if (isStaying || isLookedAt) return;
    const shownMs = model.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS;
    toast.timer = window.setTimeout(() => this.dismiss(model.id), shownMs);
  }

  private remove(id: number, toast: Toast): void {
    stopTimer(toast);
    const hadFocus = toast.element.contains(document.activeElement);
    toast.element.remove();
    this.toasts.delete(id);
    if (hadFocus) this.passFocusOn();
  }

  private say({ level, message, count }: ToastModel): void {
    const times = count > 1 ? `, ${String(count)} times` : '';
    this.announcer.announce(
      level === 'error' ? `Error: ${message}${times}` : `${message}${times}`,
      level === 'error' ? 'assertive' : 'polite',
    );
  }

  private noteOrigin({ relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof HTMLElement && !this.element.contains(relatedTarget))
      this.cameFrom = relatedTarget;
  }

  /** To the message that is left, else to where it came from: the focus is never lost. */
  private passFocusOn(): void {
    const next = this.element.querySelector<HTMLElement>('.toast:last-child > button');
    (next ?? (this.cameFrom?.isConnected ? this.cameFrom : null))?.focus();
  }
}

function countText(model: ToastModel): string {
  return model.count > 1 ? `×${String(model.count)}` : '';
}

function stopTimer(toast: Toast): void {
  if (toast.timer !== null) window.clearTimeout(toast.timer);
  toast.timer = null;
}
