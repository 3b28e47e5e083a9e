import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { search } from '@codemirror/search';
import { Compartment, EditorState, Text } from '@codemirror/state';
import type { ChangeSet, Extension, Transaction } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { h } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Emitter } from '../../base/observable.js';
import { readOnlyWhen, readingSetup, writingSetup } from './code-setup.js';
import { codeSurface } from './code-surface.js';

/** Something that was found in the text. Lines and columns count from 1, columns in UTF-16 units; the end is exclusive. */
export interface CodeFinding {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: 'error' | 'warning' | 'info' | 'hint';
  /** Who found it, such as `SC2086`. */
  source: string;
  message: string;
}

export interface CodeEditorOptions {
  /** What the editor is called for screen readers. */
  label: string;
  onFind: () => void;
  onSave: (withRestart: boolean) => void;
  onStep: (step: 1 | -1) => void;
}

/** One text of bash that can be written, searched and marked. */
export class CodeEditor implements Disposable {
  /** The user or the program changed the text. */
  readonly changed = new Emitter<void>();
  readonly element: HTMLElement;
  readonly view: EditorView;
  private readonly locked = new Compartment();
  private readonly wrapping = new Compartment();
  private isWrapped = false;

  constructor(private readonly options: CodeEditorOptions) {
    const surface = codeSurface(() => this.focus());
    this.element = surface.element;
    this.view = new EditorView({
      state: this.stateOf(''),
      parent: surface.root,
      root: surface.root,
      dispatchTransactions: (transactions) => this.dispatch(transactions),
    });
  }

  dispose(): void {
    this.view.destroy();
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get doc(): Text {
    return this.view.state.doc;
  }

  /** Begins anew with a text: what was undone before is forgotten. */
  open(text: string): void {
    this.view.setState(this.stateOf(text));
    this.changed.fire();
  }

  /** Replaces what differs, as one step that can be undone; the cursor stays where it was as well as it can. */
  replace(text: string): void {
    const changes = wholeChange(this.doc, text);
    if (changes) this.view.dispatch({ changes, userEvent: 'input.replace' });
  }

  /** Applies what was changed in another view of the same text. */
  apply(changes: ChangeSet): void {
    this.view.dispatch({ changes, userEvent: 'input' });
  }

  setReadOnly(isReadOnly: boolean): void {
    this.view.dispatch({ effects: this.locked.reconfigure(readOnlyWhen(isReadOnly)) });
  }

  setWrapped(isWrapped: boolean): void {
    this.isWrapped = isWrapped;
    this.view.dispatch({ effects: this.wrapping.reconfigure(isWrapped ? EditorView.lineWrapping : []) });
  }

  setFindings(findings: readonly CodeFinding[]): void {
    const { doc } = this.view.state;
    const diagnostics = findings.map((finding) => diagnosticOf(doc, finding));
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  /** Puts the cursor at a place and brings it into view. */
  reveal(line: number, column: number): void {
    const at = offsetAt(this.doc, line, column);
    this.view.dispatch({
      selection: { anchor: at },
      effects: EditorView.scrollIntoView(at, { y: 'center' }),
    });
    this.focus();
  }

  focus(): void {
    this.view.focus();
  }

  private dispatch(transactions: readonly Transaction[]): void {
    this.view.update(transactions);
    if (transactions.some((transaction) => transaction.docChanged)) this.changed.fire();
  }

  private stateOf(text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        this.keys(),
        readingSetup(this.options.label),
        writingSetup(text),
        lintGutter(),
        // Its panel is a part of the page; here it only switches the marks of what is found on.
        search({ createPanel: () => ({ dom: h('div', { hidden: true }) }) }),
        this.locked.of(readOnlyWhen(false)),
        this.wrapping.of(this.isWrapped ? EditorView.lineWrapping : []),
      ],
    });
  }

  private keys(): Extension {
    const run = (action: () => void) => () => {
      action();
      return true;
    };
    const { onFind, onSave, onStep } = this.options;
    return keymap.of([
      { key: 'Mod-s', run: run(() => onSave(false)), preventDefault: true },
      { key: 'Mod-Shift-s', run: run(() => onSave(true)), preventDefault: true },
      { key: 'Mod-f', run: run(onFind), preventDefault: true },
      { key: 'F8', run: run(() => onStep(1)), shift: run(() => onStep(-1)), preventDefault: true },
    ]);
  }
}

/** The offset of a place, moved into the text where it lies outside. */
function offsetAt(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(found.from + Math.max(0, column - 1), found.to);
}

function diagnosticOf(doc: Text, finding: CodeFinding): Diagnostic {
  const from = offsetAt(doc, finding.line, finding.column);
  const to = Math.max(from, offsetAt(doc, finding.endLine, finding.endColumn));
  return { from, to, severity: finding.severity, source: finding.source, message: finding.message };
}

/** What has to be changed to get from one text to the other: all but the beginning and the end they share; null for nothing. */
function wholeChange(doc: Text, text: string): { from: number; to: number; insert: Text } | null {
  const next = Text.of(text.split(/\r\n?|\n/));
  if (doc.eq(next)) return null;
  const before = doc.toString();
  const after = next.toString();
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  let tail = 0;
  while (
    tail < most - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail += 1;
  return { from: head, to: before.length - tail, insert: next.slice(head, after.length - tail) };
}
