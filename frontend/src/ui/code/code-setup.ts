import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { StreamLanguage, bracketMatching, indentUnit } from '@codemirror/language';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { EditorSelection, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { codeTheme } from './code-theme.js';
import { detectIndent } from './indentation.js';
import { specialCharacters } from './special-characters.js';

const bash = StreamLanguage.define(shell);
const HINT = 'Tab indents. Press Esc, then Tab, to leave the editor.';

/** How every text of code looks, whether it can be changed or not. */
export function readingSetup(label: string): Extension {
  return [
    lineNumbers(),
    specialCharacters,
    bash,
    codeTheme,
    EditorState.tabSize.of(4),
    EditorView.contentAttributes.of({
      'aria-label': label,
      tabindex: '0',
      spellcheck: 'false',
      autocapitalize: 'off',
    }),
  ];
}

/** What writing adds: undo, brackets, the active line, keys. */
export function writingSetup(text: string): Extension {
  return [
    history(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    indentUnit.of(detectIndent(text)),
    EditorView.contentAttributes.of({ 'aria-description': HINT }),
    keymap.of([{ key: 'Tab', run: insertIndent, shift: indentLess }, ...defaultKeymap, ...historyKeymap]),
  ];
}

/** Indents the chosen lines, or fills up to the next stop at the cursor. */
function insertIndent(view: EditorView): boolean {
  const { state } = view;
  if (state.readOnly) return false;
  if (state.selection.ranges.some((range) => !range.empty)) return indentMore(view);
  const unit = state.facet(indentUnit);
  view.dispatch(
    state.changeByRange((range) => {
      const column = range.head - state.doc.lineAt(range.head).from;
      const insert = unit === '\t' ? unit : ' '.repeat(unit.length - (column % unit.length));
      return {
        changes: { from: range.head, insert },
        range: EditorSelection.cursor(range.head + insert.length),
      };
    }),
    { scrollIntoView: true, userEvent: 'input' },
  );
  return true;
}

/** Changed later with `dispatch({effects: compartment.reconfigure(…)})`. */
export function readOnlyWhen(isReadOnly: boolean): Extension {
  return [EditorState.readOnly.of(isReadOnly)];
}
