import { MergeView, getChunks, goToNextChunk, goToPreviousChunk, unifiedMergeView } from '@codemirror/merge';
import type { MergeConfig } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import type { ChangeSet, Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { setAttribute } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';
import { icon } from '../icon.js';
import { readingSetup, writingSetup } from './code-setup.js';
import { codeSurface } from './code-surface.js';

export interface CodeCompareOptions {
  /** The text on the left, which cannot be changed, and what it is called. */
  original: string;
  originalLabel: string;
  /** The text on the right. */
  present: string;
  presentLabel: string;
  /** One column with both instead of two side by side. */
  isUnified: boolean;
  /** Long stretches without a difference are left out. */
  isCollapsed: boolean;
  /** Hears each change of the text on the right; null: it cannot be changed. */
  onChange: ((changes: ChangeSet) => void) | null;
  /** What taking one difference over from the left is called. */
  takeLabel: string;
  onSave: () => void;
}

const COMPARING: MergeConfig = {
  gutter: true,
  // Two large texts without anything in common would keep the page busy for minutes otherwise.
  diffConfig: { scanLimit: 1500, timeout: 400 },
};

/** Two texts of bash with their differences marked, side by side or in one column. */
export class CodeCompare implements Disposable {
  readonly element: HTMLElement;
  /** How many stretches differ. */
  readonly count = new Observable(0);
  private readonly destroy: () => void;
  /** The editor on the right, or the only one. */
  private view: EditorView | null = null;

  constructor(private readonly options: CodeCompareOptions) {
    const surface = codeSurface(() => this.focus());
    this.element = surface.element;
    this.element.classList.add('is-compare');
    if (options.isUnified) {
      const view = this.unified(surface.root);
      this.view = view;
      this.destroy = () => view.destroy();
    } else {
      const merge = this.sideBySide(surface.root);
      this.view = merge.b;
      this.destroy = () => merge.destroy();
    }
    this.showCount();
  }

  dispose(): void {
    this.destroy();
  }

  /** Goes to the next difference, or the one before. */
  step(step: 1 | -1): void {
    if (this.view) (step === 1 ? goToNextChunk : goToPreviousChunk)(this.view);
    this.focus();
  }

  focus(): void {
    this.view?.focus();
  }

  private sideBySide(root: ShadowRoot): MergeView {
    const { original, originalLabel, present, presentLabel, onChange } = this.options;
    return new MergeView({
      ...COMPARING,
      ...this.collapsing,
      ...(onChange ? { revertControls: 'a-to-b', renderRevertControl: () => this.takeButton() } : {}),
      a: { doc: original, extensions: [readingSetup(originalLabel), still(), filling, this.keys()] },
      b: {
        doc: present,
        extensions: [
          readingSetup(presentLabel),
          this.changeable(present),
          filling,
          this.keys(),
          this.listener(),
        ],
      },
      parent: root,
      root,
    });
  }

  private unified(root: ShadowRoot): EditorView {
    const { original, present, presentLabel, onChange } = this.options;
    const config = {
      ...COMPARING,
      ...this.collapsing,
      original,
      mergeControls: onChange
        ? (type: 'reject' | 'accept', action: (event: MouseEvent) => void) => this.takeControl(type, action)
        : false,
    };
    return new EditorView({
      doc: present,
      extensions: [
        readingSetup(presentLabel),
        EditorView.lineWrapping,
        this.changeable(present),
        unifiedMergeView(config),
        this.keys(),
        this.listener(),
      ],
      parent: root,
      root,
    });
  }

  private get collapsing(): MergeConfig {
    return this.options.isCollapsed ? { collapseUnchanged: { margin: 4, minSize: 8 } } : {};
  }

  private changeable(text: string): Extension {
    return this.options.onChange ? writingSetup(text) : still();
  }

  private listener(): Extension {
    return EditorView.updateListener.of((update) => {
      if (update.docChanged) this.options.onChange?.(update.changes);
      this.showCount();
    });
  }

  private keys(): Extension {
    const run = (action: () => void) => () => {
      action();
      return true;
    };
    return keymap.of([
      { key: 'Mod-s', run: run(() => this.options.onSave()), preventDefault: true },
      { key: 'F7', run: run(() => this.step(1)), shift: run(() => this.step(-1)), preventDefault: true },
    ]);
  }

  private showCount(): void {
    // A view tells of its beginnings while it is still being made.
    if (this.view) this.count.set(getChunks(this.view.state)?.chunks.length ?? 0);
  }

  private takeButton(): HTMLElement {
    const element = document.createElement('button');
    element.type = 'button';
    element.className = 'cm-take';
    setAttribute(element, 'aria-label', this.options.takeLabel);
    element.title = this.options.takeLabel;
    element.append(icon('chevron-right'));
    // The library listens to the mouse only.
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      element.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
    });
    return element;
  }

  /** Accepting a difference would only hide it, so there is only the button that takes it over. */
  private takeControl(type: 'reject' | 'accept', action: (event: MouseEvent) => void): HTMLElement {
    if (type === 'accept') return document.createElement('span');
    const element = document.createElement('button');
    element.type = 'button';
    element.className = 'cm-take is-worded';
    // Short, for it lies over the text.
    element.textContent = 'Take';
    setAttribute(element, 'aria-label', this.options.takeLabel);
    element.title = this.options.takeLabel;
    element.addEventListener('mousedown', action);
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      action(new MouseEvent('mousedown'));
    });
    return element;
  }
}

function still(): Extension {
  return [EditorState.readOnly.of(true)];
}

/** In two columns the whole view scrolls, so that both move together. */
const filling = EditorView.theme({ '&': { height: 'auto' }, '.cm-scroller': { overflow: 'visible' } });
