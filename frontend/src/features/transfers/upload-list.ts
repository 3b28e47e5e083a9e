import { h, replaceChildren, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { formatBytes } from '../../base/format.js';
import { speed } from '../../domain/operation.js';
import type { Upload, UploadStore } from '../../state/uploads.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { ProgressBar } from '../../ui/progress.js';

/** Files on their way to the archives, each with how far it is. Lines keep their elements while they last. */
export class UploadList implements Disposable {
  private readonly lines = new Map<number, UploadLine>();
  private readonly subscription: Disposable;
  readonly element = h('ul', { class: 'tasks', 'aria-label': 'Uploads', 'data-testid': 'uploads' });

  constructor(private readonly uploads: UploadStore) {
    this.subscription = uploads.list.watch((list) => this.show(list));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private show(list: readonly Upload[]): void {
    const hadFocus = this.element.contains(document.activeElement);
    const wanted = new Set(list.map(({ key }) => key));
    for (const [key, { element }] of this.lines) {
      if (wanted.has(key)) continue;
      element.remove();
      this.lines.delete(key);
    }
    for (const upload of list) {
      const line = this.lines.get(upload.key) ?? new UploadLine(upload, (key) => this.uploads.end(key));
      if (!this.lines.has(upload.key)) this.element.append(line.element);
      this.lines.set(upload.key, line);
      line.update(upload);
    }
    this.element.hidden = list.length === 0;
    if (hadFocus && !this.element.contains(document.activeElement))
      this.element.closest('dialog')?.querySelector<HTMLElement>('[autofocus]')?.focus();
  }
}

class UploadLine {
  private readonly bar: ProgressBar;
  private readonly body = h('div', { class: 'task-body' });
  private readonly end: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor({ key, file }: Upload, end: (key: number) => void) {
    this.bar = new ProgressBar({ phase: 'Uploading', fraction: 0 }, 'upload-progress');
    this.body.append(this.bar.element);
    this.end = button({
      label: 'Cancel',
      testId: 'upload-cancel',
      attributes: { 'aria-label': `Cancel: ${file}` },
      onClick: () => end(key),
    });
    this.element = h(
      'li',
      { class: 'task', 'data-testid': 'upload', 'data-file': file },
      h('div', { class: 'task-head' }, h('strong', { class: 'is-user-text' }, file)),
      this.body,
      h('div', { class: 'task-buttons' }, this.end),
    );
  }

  update(upload: Upload): void {
    const { sentBytes, totalBytes, bytesPerSecond, problem } = upload;
    if (problem !== null) {
      this.fail(problem);
      return;
    }
    const rest = speed(sentBytes, totalBytes, bytesPerSecond);
    const note = `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}${rest === '' ? '' : ` · ${rest}`}`;
    const isSent = totalBytes > 0 && sentBytes >= totalBytes;
    this.bar.update({
      phase: isSent ? 'Checking it' : 'Uploading',
      fraction: isSent || totalBytes === 0 ? null : sentBytes / totalBytes,
      note: isSent ? '' : note,
    });
  }

  private fail(problem: string): void {
    replaceChildren(
      this.body,
      h(
        'p',
        { class: 'task-outcome is-user-text', 'data-meaning': 'failed', 'data-testid': 'upload-problem' },
        icon('status-error'),
        h('span', null, problem),
      ),
    );
    const label = this.end.querySelector('span');
    if (label) setText(label, 'Dismiss');
    this.end.setAttribute('aria-label', `Dismiss: ${this.element.dataset['file'] ?? ''}`);
  }
}
