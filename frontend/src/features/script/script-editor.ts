import { h, replaceChildren } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { ApiError } from '../../net/http.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { CodeEditor } from '../../ui/code/code-editor.js';
import { CodeFind } from '../../ui/code/code-find.js';
import type { MenuEntry } from '../../ui/menu.js';
import { conflictView } from './conflict-view.js';
import { FindingsPanel } from './findings-panel.js';
import type { ScriptEditorHost } from './hosts.js';
import { ScriptBanners } from './script-banners.js';
import { ScriptBar } from './script-bar.js';
import type { ScriptDocument } from './script-document.js';
import { ScriptSession } from './script-session.js';
import type { StageView } from './stage.js';

export interface ScriptEditorOptions {
  document: ScriptDocument;
  compare: (() => void) | null;
  history: (() => void) | null;
  /** Why what runs with the script cannot be restarted now; null for a script that nothing runs with. */
  restartReason: (() => string | null) | null;
  menu(): MenuEntry[];
  /** The script was saved here, or its saved version was shown anew. */
  onSaved(): void;
}

/** A script with everything that belongs to writing it: findings, search, saving, conflicts, unsaved work. */
export class ScriptEditor implements Disposable {
  readonly editor: CodeEditor;
  readonly session: ScriptSession;
  readonly banners: ScriptBanners;
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly bar: ScriptBar;
  private readonly find: CodeFind;
  private readonly findings: FindingsPanel;
  private readonly stage = h('div', { class: 'script-stage' });
  private readonly waiting = h('div', { class: 'script-waiting', role: 'status' });
  private view: StageView | null = null;

  constructor(
    private readonly host: ScriptEditorHost,
    private readonly options: ScriptEditorOptions,
  ) {
    this.editor = this.resources.add(
      new CodeEditor({
        label: options.document.title,
        onFind: () => this.openFind(),
        onSave: (withRestart) => void this.save(withRestart),
        onStep: (step) => this.findings.step(step),
      }),
    );
    this.session = this.resources.add(new ScriptSession(options.document, this.editor, host.drafts));
    this.find = new CodeFind(() => this.editor.view);
    this.bar = new ScriptBar({
      filename: options.document.filename,
      isReadOnly: options.document.isReadOnly,
      canRestart: options.restartReason !== null,
      compare: options.compare,
      history: options.history,
      menu: () => options.menu(),
      find: () => this.openFind(),
      save: (withRestart) => void this.save(withRestart),
      toggleFindings: () => this.findings.toggle(),
    });
    this.findings = this.resources.add(this.findingsPanel());
    this.banners = this.resources.add(
      new ScriptBanners(this.session, {
        restored: () => this.editor.focus(),
        showConflict: () => this.showConflict(false),
        retry: () => void this.load(),
      }),
    );
    this.element = h(
      'div',
      { class: 'script-panel', tabindex: -1, 'data-testid': 'script-panel' },
      this.bar.element,
      this.banners.element,
      this.find.element,
      this.stage,
      this.findings.element,
    );
    this.editor.setWrapped(readPreference('script.wrap') === 'on');
    this.watch();
  }

  dispose(): void {
    this.view?.dispose();
    this.resources.dispose();
  }

  /** Fetches the script and shows it. */
  async load(): Promise<void> {
    await this.session.load();
    if (this.session.state.value.kind !== 'ready') return;
    this.findings.request(0);
    // Whoever came to write waits here, see `focus`.
    if (document.activeElement === this.element) this.focus();
  }

  /** Shows something in the editor's place; null brings the editor back. */
  show(view: StageView | null): void {
    this.view?.dispose();
    this.view = view;
    this.banners.setDecided(null);
    this.drawStage();
    if (view) view.focus();
    else this.editor.focus();
  }

  focus(): void {
    if (this.session.state.value.kind !== 'ready') this.element.focus();
    else if (this.session.offer.value !== null) this.banners.focus();
    else if (this.view) this.view.focus();
    else this.editor.focus();
  }

  openFind(): void {
    if (this.view) this.show(null);
    this.find.open();
  }

  setWrapped(isWrapped: boolean): void {
    writePreference('script.wrap', isWrapped ? 'on' : 'off');
    this.editor.setWrapped(isWrapped);
  }

  /** Whether it can be restarted may be another matter now. */
  refresh(): void {
    const reason = this.saveReason();
    const restart = this.options.restartReason?.() ?? null;
    this.bar.showSaving({ save: reason, restart: reason ?? restart });
    const { isDirty, isSaving, state } = this.session;
    this.bar.setChecked(state.value.kind === 'ready');
    if (state.value.kind === 'loading') this.bar.showState('Loading…', 'quiet');
    else if (state.value.kind === 'failed') this.bar.showState('Not loaded', 'attention');
    else if (isSaving.value) this.bar.showState('Saving…', 'working');
    else if (this.options.document.isReadOnly) this.bar.showState('Read only', 'quiet');
    else if (isDirty.value) this.bar.showState('Unsaved changes', 'attention');
    else this.bar.showState('Saved', 'quiet');
  }

  async save(withRestart: boolean): Promise<void> {
    const reason = this.saveReason() ?? (withRestart ? (this.options.restartReason?.() ?? null) : null);
    if (reason !== null) {
      this.host.notices.add({ level: 'info', message: reason });
      return;
    }
    await this.attempt(() => this.session.save(withRestart), withRestart);
  }

  /** The server's version may be another one now. */
  async lookAgain(): Promise<void> {
    try {
      const found = await this.session.lookAgain();
      if (found === 'updated') {
        this.banners.say('This script was saved somewhere else. You see the new version.');
        this.options.onSaved();
      }
    } catch {
      // The next look, or the next save, tells.
    }
  }

  private async attempt(work: () => ReturnType<ScriptSession['save']>, withRestart: boolean): Promise<void> {
    try {
      const result = await work();
      if (result.kind === 'conflict') {
        this.showConflict(withRestart);
        return;
      }
      if (result.saved.note !== null) this.host.notices.success(result.saved.note);
      this.banners.say(null);
      this.options.onSaved();
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
  }

  private showConflict(withRestart: boolean): void {
    const theirs = this.session.foreign.value;
    if (!theirs) return;
    this.show(
      conflictView({
        theirs: theirs.content,
        editor: this.editor,
        withRestart,
        take: () => {
          this.session.takeTheirs(theirs);
          this.show(null);
        },
        overwrite: () => {
          this.show(null);
          void this.attempt(() => this.session.overwrite(theirs, withRestart), withRestart);
        },
        keep: () => this.show(null),
      }),
    );
    this.banners.setDecided(theirs);
  }

  private saveReason(): string | null {
    const { state, isDirty, isSaving, offer } = this.session;
    if (this.options.document.isReadOnly)
      return 'A shipped blueprint cannot be changed; copy it as your own.';
    if (state.value.kind !== 'ready') return 'The script is not loaded yet.';
    if (offer.value !== null) return 'Restore or discard your earlier changes first.';
    if (isSaving.value) return 'It is being saved.';
    return isDirty.value ? null : 'There is nothing to save: no changes.';
  }

  private findingsPanel(): FindingsPanel {
    return new FindingsPanel({
      check: (text, signal) => this.host.api.check(text, signal),
      editor: this.editor,
      onChange: (state, isOpen) => this.bar.showFindings(state, isOpen),
      beforeReveal: () => this.view && this.show(null),
    });
  }

  private watch(): void {
    const { session, editor } = this;
    this.resources.add(
      editor.changed.on(() => {
        session.edited();
        this.findings.request();
        this.find.refresh();
      }),
    );
    this.resources.add(session.state.watch(() => this.drawStage()));
    for (const source of [session.state, session.isDirty, session.isSaving, session.offer])
      this.resources.add(source.on(() => this.refresh()));
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    this.resources.add(
      listen(this.stage, 'keydown', (event) => event.key === 'Escape' && this.escape(event)),
    );
    this.resources.add(listen(window, 'pagehide', () => session.keepDraft()));
    this.resources.add(listen(document, 'visibilitychange', () => session.keepDraft()));
    this.refresh();
  }

  private drawStage(): void {
    const state = this.session.state.value;
    this.element.classList.toggle('has-view', this.view !== null);
    if (state.kind === 'ready') {
      replaceChildren(this.stage, this.view ? this.view.element : this.editor.element);
      return;
    }
    replaceChildren(this.stage, this.waiting);
    if (state.kind === 'loading') {
      replaceChildren(this.waiting, h('p', { class: 'is-late' }, 'Loading the script…'));
      return;
    }
    replaceChildren(
      this.waiting,
      h('p', null, failureText(state.error)),
      button({
        label: 'Try again',
        icon: 'restart',
        testId: 'script-retry',
        onClick: () => void this.load(),
      }),
    );
  }

  /** Esc closes nothing around a text that is being written: with Tab it is the way out. Elsewhere it ends a comparison. */
  private escape(event: KeyboardEvent): void {
    const isInText = event.target instanceof Element && event.target.matches('.code-surface');
    if (!isInText && (!this.view || event.defaultPrevented)) return;
    event.preventDefault();
    if (!isInText) this.show(null);
  }

  /** Where the focus is outside of the editor: on a button, in the list of findings. */
  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === 's') void this.save(event.shiftKey);
    else if (isCommand && event.key.toLowerCase() === 'f') this.openFind();
    else if (event.key === 'F8') this.findings.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  }
}

function failureText(error: unknown): string {
  return error instanceof ApiError ? error.message : `The script could not be shown: ${String(error)}`;
}
