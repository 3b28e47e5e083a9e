import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { joinNames, writersOf } from '../../domain/family.js';
import { reportFailure } from '../../state/report-error.js';
import { banner } from '../../ui/banner.js';
import { button } from '../../ui/button.js';
import type { TransferHost } from './transfer-host.js';

/**
 * Says of an instance whose files are to be copied that it, or another one that uses them, runs; offers to stop them, and
 * goes when they rest.
 */
export class RestGuard implements Disposable {
  readonly element = h('div', { 'data-testid': 'rest-guard', hidden: true });
  private readonly subscription: Disposable;
  private shown = '';

  constructor(
    private readonly host: Pick<TransferHost, 'instances' | 'api' | 'notices'>,
    private readonly instance: Instance,
    private readonly onChange: (reason: string | null) => void,
  ) {
    this.subscription = host.instances.on(() => this.look());
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Tells for the first time, and whenever an instance changes. */
  look(): void {
    const writers = writersOf(this.instance, this.host.instances.values());
    const key = writers.map(({ id, status }) => `${String(id)} ${status}`).join();
    if (key !== this.shown) {
      this.shown = key;
      this.draw(writers);
    }
    this.onChange(writers.length === 0 ? null : `${reasonOf(writers)} Stop ${pronoun(writers)} first.`);
  }

  private draw(writers: readonly Instance[]): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidden = writers.length === 0;
    if (writers.length > 0) replaceChildren(this.element, this.banner(writers));
    if (hadFocus && this.element.hidden) this.element.closest('form')?.querySelector('input')?.focus();
    else if (hadFocus) this.element.querySelector('button')?.focus();
  }

  private banner(writers: readonly Instance[]): HTMLElement {
    const isStopping = writers.every(({ status }) => status === 'stopping');
    const stop = button({
      label: isStopping ? 'Stopping…' : `Stop ${pronoun(writers)}`,
      icon: 'stop',
      testId: 'rest-guard-stop',
      ...(isStopping ? { attributes: { 'aria-disabled': 'true' } } : {}),
      onClick: () => void this.stop(writers),
    });
    const text = `${reasonOf(writers)} What is copied while it is written could be torn.`;
    return banner({
      testId: 'rest-guard-banner',
      kind: 'attention',
      icon: 'warning',
      text: [text],
      actions: [stop],
    });
  }

  private async stop(writers: readonly Instance[]): Promise<void> {
    for (const { id, status } of writers) {
      if (status === 'stopping') continue;
      try {
        await this.host.api.command(id, 'stop');
      } catch (error) {
        reportFailure(this.host.notices, error);
      }
    }
  }
}

function reasonOf(writers: readonly Instance[]): string {
  const names = joinNames(writers.map(({ name }) => name));
  const [only] = writers;
  if (writers.length === 1 && only) {
    return only.status === 'stopping' ? `${names} is still stopping.` : `${names} is running.`;
  }
  return `${names} are running and use the same files.`;
}

function pronoun(writers: readonly Instance[]): string {
  return writers.length === 1 ? 'it' : 'them';
}
