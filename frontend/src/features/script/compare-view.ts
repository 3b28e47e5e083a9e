import type { ChangeSet } from '@codemirror/state';
import { h, replaceChildren, setAttribute, setText } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { CodeCompare } from '../../ui/code/code-compare.js';
import type { CodeEditor } from '../../ui/code/code-editor.js';
import { button, setDisabledReason } from '../../ui/button.js';
import type { StageView } from './stage.js';

/** Below this width two columns of code are too narrow to read. */
const TWO_COLUMNS_PX = 720;

export interface CompareOptions {
  title: string;
  /** What the differences mean, as a sentence; null for nothing to add. */
  lead: string | null;
  original: string;
  originalLabel: string;
  presentLabel: string;
  /** What is compared with it; changes made here are made there. */
  editor: CodeEditor;
  isReadOnly: boolean;
  takeLabel: string;
  actions: readonly HTMLElement[];
  closeLabel: string;
  onSave: () => void;
  onClose: () => void;
}

/** A version beside the text that is being worked on; differences can be taken over one by one. */
export class CompareView implements StageView {
  private readonly resources = new DisposableStore();
  private readonly count = h('span', {
    class: 'compare-count',
    role: 'status',
    'data-testid': 'compare-count',
  });
  private readonly previous = this.stepButton('Previous difference (Shift+F7)', 'chevron-up', -1);
  private readonly next = this.stepButton('Next difference (F7)', 'chevron-down', 1);
  private readonly whole = button({
    label: 'Show unchanged lines too',
    icon: 'log',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'compare-whole',
    attributes: { 'aria-pressed': 'false' },
    onClick: () => this.toggleWhole(),
  });
  private readonly labels = h('div', { class: 'compare-labels' });
  private readonly place = h('div', { class: 'compare-place' });
  readonly element: HTMLElement;
  private compare: CodeCompare | null = null;
  private isUnified: boolean | null = null;
  private isWhole = false;
  private isApplying = false;

  constructor(private readonly options: CompareOptions) {
    this.element = h(
      'section',
      { class: 'compare', 'aria-label': options.title, 'data-testid': 'compare' },
      h(
        'header',
        { class: 'compare-head' },
        h('div', { class: 'compare-title' }, h('h3', null, options.title), this.count),
        this.previous,
        this.next,
        this.whole,
        h(
          'div',
          { class: 'compare-actions' },
          ...options.actions,
          button({ label: options.closeLabel, testId: 'compare-close', onClick: () => options.onClose() }),
        ),
      ),
      options.lead === null ? null : h('p', { class: 'compare-lead' }, options.lead),
      this.labels,
      this.place,
    );
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(this.element);
    this.resources.defer(() => observer.disconnect());
    this.resources.add(options.editor.changed.on(() => this.follow()));
    this.resources.defer(() => this.compare?.dispose());
  }

  dispose(): void {
    this.resources.dispose();
  }

  focus(): void {
    this.compare?.focus();
  }

  /** Two columns where there is room, one where there is not. */
  private fit(): void {
    const width = this.element.clientWidth;
    if (width === 0) return;
    const isUnified = width < TWO_COLUMNS_PX;
    if (isUnified === this.isUnified) return;
    const isFirst = this.isUnified === null;
    this.isUnified = isUnified;
    this.build(isUnified);
    if (isFirst) this.focus();
  }

  private build(isUnified: boolean): void {
    const { options } = this;
    this.compare?.dispose();
    const compare = new CodeCompare({
      original: options.original,
      originalLabel: options.originalLabel,
      present: options.editor.text,
      presentLabel: options.presentLabel,
      isUnified,
      isCollapsed: !this.isWhole,
      onChange: options.isReadOnly ? null : (changes) => this.apply(changes),
      takeLabel: options.takeLabel,
      onSave: options.onSave,
    });
    this.compare = compare;
    compare.count.watch((count) => this.showCount(count));
    replaceChildren(this.place, compare.element);
    replaceChildren(
      this.labels,
      h('span', { class: 'compare-label is-original' }, options.originalLabel),
      h('span', { class: 'compare-label is-present' }, options.presentLabel),
    );
    this.element.classList.toggle('is-unified', isUnified);
  }

  private apply(changes: ChangeSet): void {
    this.isApplying = true;
    this.options.editor.apply(changes);
    this.isApplying = false;
  }

  /** The text was changed somewhere else: both must hold the same, or the next change would hit another place. */
  private follow(): void {
    if (!this.isApplying && this.isUnified !== null) this.build(this.isUnified);
  }

  private toggleWhole(): void {
    this.isWhole = !this.isWhole;
    setAttribute(this.whole, 'aria-pressed', String(this.isWhole));
    this.build(this.isUnified === true);
  }

  private showCount(count: number): void {
    setText(this.count, count === 0 ? 'No differences' : plural(count, 'difference'));
    const reason = count === 0 ? 'There is no difference.' : null;
    setDisabledReason(this.previous, reason, 'Previous difference (Shift+F7)');
    setDisabledReason(this.next, reason, 'Next difference (F7)');
  }

  private stepButton(label: string, icon: 'chevron-up' | 'chevron-down', step: 1 | -1): HTMLButtonElement {
    return button({
      label,
      icon,
      isIconOnly: true,
      kind: 'quiet',
      testId: step === 1 ? 'compare-next' : 'compare-previous',
      onClick: () => this.compare?.step(step),
    });
  }
}
