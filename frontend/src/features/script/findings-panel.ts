import type { ScriptCheck, ScriptFinding } from '../../../../src/contracts/script.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { ApiError } from '../../net/http.js';
import type { CodeEditor } from '../../ui/code/code-editor.js';
import { codeFinding, findingFrom } from './finding.js';
import { FindingsList } from './findings-list.js';
import { ScriptChecker } from './script-checker.js';
import type { CheckState } from './script-checker.js';

export interface FindingsPanelHost {
  check(text: string, signal: AbortSignal): Promise<ScriptCheck>;
  editor: CodeEditor;
  onChange(state: CheckState<ScriptFinding>, isOpen: boolean): void;
  /** The editor has to be in sight. */
  beforeReveal(): void;
}

/** Has the script checked, marks in it what was found, and lists it. */
export class FindingsPanel implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly list = new FindingsList({
    reveal: (finding) => this.reveal(finding),
    step: (step) => this.step(step),
    close: () => this.toggle(),
  });
  readonly element = this.list.element;
  private readonly checker: ScriptChecker<ScriptFinding>;
  private findings: readonly ScriptFinding[] = [];
  private notes: readonly string[] = [];

  constructor(private readonly host: FindingsPanelHost) {
    this.checker = this.resources.add(new ScriptChecker((text, signal) => this.ask(text, signal)));
    this.resources.add(this.checker.state.watch((state) => this.show(state)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Has the present text checked, after a moment of rest. */
  request(delayMs?: number): void {
    this.checker.request(() => this.host.editor.text, delayMs);
  }

  toggle(): void {
    this.element.hidden = !this.element.hidden;
    this.host.onChange(this.checker.state.value, !this.element.hidden);
    if (this.element.hidden) this.host.editor.focus();
  }

  /** Goes to the next finding behind the cursor, or to the one before it. */
  step(step: 1 | -1): void {
    const { state } = this.host.editor.view;
    const { head } = state.selection.main;
    const line = state.doc.lineAt(head);
    const found =
      this.findings[findingFrom(this.findings, { line: line.number, column: head - line.from + 1 }, step)];
    if (found) this.reveal(found);
  }

  private reveal(finding: ScriptFinding): void {
    this.host.beforeReveal();
    this.host.editor.reveal(finding.line, finding.column);
    this.list.mark(this.findings.indexOf(finding));
  }

  private async ask(text: string, signal: AbortSignal): Promise<readonly ScriptFinding[]> {
    const { findings, notes } = await this.host.check(text, signal);
    this.notes = notes;
    return findings;
  }

  private show(state: CheckState<ScriptFinding>): void {
    // What was found before stays in sight when a check fails; its places move along with the text.
    if (state.kind === 'done') {
      this.findings = state.findings;
      this.host.editor.setFindings(state.findings.map(codeFinding));
    }
    if (state.kind === 'failed') this.notes = [failureText(state.error)];
    this.list.show(this.findings, this.notes);
    this.host.onChange(state, !this.element.hidden);
  }
}

function failureText(error: unknown): string {
  const reason = error instanceof ApiError ? error.message : String(error);
  return `The script could not be checked: ${reason}`;
}
