import type { ScriptVersion } from '../../../../src/contracts/script.js';
import { h, replaceChildren, setAttribute } from '../../base/dom.js';
import { ageMs, formatAge, formatBytes, formatExact } from '../../base/format.js';
import type { ScriptApi } from '../../net/script-api.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import type { CodeEditor } from '../../ui/code/code-editor.js';
import { CompareView } from './compare-view.js';
import type { StageView } from './stage.js';

export interface HistoryHost {
  api: ScriptApi;
  notices: NoticeStore;
  instanceId: number;
  editor: CodeEditor;
  isReadOnly: boolean;
  save(): void;
  /** Puts an earlier version into the editor. */
  restore(content: string, version: number): void;
  close(): void;
}

/** The earlier versions of a script; a chosen one is shown beside the present text. */
export class HistoryView implements StageView {
  private readonly list = h('ol', {
    class: 'versions',
    'aria-label': 'Versions',
    'data-testid': 'history-list',
  });
  private readonly empty = h(
    'p',
    { class: 'history-empty', role: 'status' },
    'Looking for earlier versions…',
  );
  private readonly detail = h('div', { class: 'history-detail' });
  readonly element: HTMLElement;
  private compare: CompareView | null = null;
  private chosen: number | null = null;
  private isDisposed = false;
  /** Of the newest of several calls: only its answer counts. */
  private lastCall = 0;

  constructor(private readonly host: HistoryHost) {
    this.element = h(
      'section',
      { class: 'history', 'aria-label': 'History of the script', 'data-testid': 'history' },
      h(
        'div',
        { class: 'history-side' },
        h(
          'header',
          { class: 'history-head' },
          h('h3', null, 'History'),
          button({
            label: 'Close the history',
            icon: 'close',
            isIconOnly: true,
            kind: 'quiet',
            testId: 'history-close',
            onClick: () => host.close(),
          }),
        ),
        this.empty,
        this.list,
      ),
      this.detail,
    );
    this.showNothing();
    void this.refresh();
  }

  dispose(): void {
    this.isDisposed = true;
    this.lastCall += 1;
    this.compare?.dispose();
  }

  focus(): void {
    this.list.querySelector<HTMLElement>('button')?.focus();
  }

  /** Brings the list in line with what is kept: a save adds a version. */
  async refresh(): Promise<void> {
    if (this.isDisposed) return;
    const call = (this.lastCall += 1);
    try {
      const versions = await this.host.api.history(this.host.instanceId);
      if (call !== this.lastCall) return;
      const active = document.activeElement;
      const focused = this.list.contains(active) ? active?.getAttribute('data-version') : null;
      replaceChildren(this.list, ...versions.map((version) => this.line(version)));
      this.empty.hidden = versions.length > 0;
      this.empty.textContent = 'No earlier versions. Each save keeps the one before.';
      this.mark();
      if (focused) this.lineOf(focused)?.focus();
      else if (active === document.body) this.focus();
    } catch (error) {
      this.empty.textContent = 'The history could not be read.';
      reportFailure(this.host.notices, error);
    }
  }

  private line(version: ScriptVersion): HTMLElement {
    const age = ageMs(version.saved_at, Date.now());
    const when = age === null ? version.saved_at : age < 60_000 ? 'just now' : `${formatAge(age)} ago`;
    return h(
      'li',
      null,
      h(
        'button',
        {
          type: 'button',
          class: 'version',
          'data-testid': 'history-version',
          'data-version': version.version,
          onclick: () => void this.choose(version),
        },
        h(
          'span',
          { class: 'version-when' },
          h('strong', { 'data-tip': formatExact(version.saved_at) }, when),
          version.is_present ? h('span', { class: 'tag is-quiet' }, 'present') : null,
        ),
        h('span', { class: 'version-who', dir: 'auto' }, version.saved_by ?? 'not saved by AiKore'),
        h(
          'small',
          { dir: 'auto' },
          [`Version ${String(version.version)}`, formatBytes(version.size_bytes), version.note]
            .filter(Boolean)
            .join(' · '),
        ),
      ),
    );
  }

  private async choose(version: ScriptVersion): Promise<void> {
    this.chosen = version.version;
    this.mark();
    try {
      const { content } = await this.host.api.version(this.host.instanceId, version.version);
      if (this.chosen === version.version) this.showVersion(version, content);
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
  }

  private showVersion(version: ScriptVersion, content: string): void {
    const { host } = this;
    const number = String(version.version);
    this.compare?.dispose();
    this.compare = new CompareView({
      title: `Version ${number} and the present text`,
      lead: null,
      original: content,
      originalLabel: `Version ${number}, ${formatExact(version.saved_at)}`,
      presentLabel: 'Present text in the editor',
      editor: host.editor,
      isReadOnly: host.isReadOnly,
      takeLabel: 'Take this version’s here',
      actions: [
        button({
          label: 'Restore into the editor',
          kind: 'primary',
          testId: 'history-restore',
          onClick: () => host.restore(content, version.version),
        }),
      ],
      closeLabel: 'Back to the list',
      onSave: () => host.save(),
      onClose: () => this.showNothing(),
    });
    this.element.classList.add('has-chosen');
    replaceChildren(this.detail, this.compare.element);
  }

  private showNothing(): void {
    const wasChosen = this.chosen;
    this.compare?.dispose();
    this.compare = null;
    this.chosen = null;
    this.element.classList.remove('has-chosen');
    replaceChildren(
      this.detail,
      h('p', { class: 'history-empty' }, 'Choose a version to compare it with the present text.'),
    );
    if (wasChosen === null) return;
    this.lineOf(String(wasChosen))?.focus();
    this.mark();
  }

  private lineOf(version: string): HTMLElement | null {
    return this.list.querySelector(`[data-version="${version}"]`);
  }

  private mark(): void {
    for (const line of this.list.querySelectorAll('.version'))
      setAttribute(
        line,
        'aria-current',
        line.getAttribute('data-version') === String(this.chosen) ? 'true' : null,
      );
  }
}
