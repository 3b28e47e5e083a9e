import { button } from '../../ui/button.js';
import type { CodeEditor } from '../../ui/code/code-editor.js';
import { CompareView } from './compare-view.js';

export interface ConflictHost {
  theirs: string;
  editor: CodeEditor;
  withRestart: boolean;
  take(): void;
  overwrite(): void;
  keep(): void;
}

/** The version that somebody else saved beside the one that was to be saved here. */
export function conflictView(host: ConflictHost): CompareView {
  return new CompareView({
    title: 'Somebody else saved this script',
    lead: 'Nothing was overwritten. Take what you need from theirs into yours with the arrows, then decide which version stays. The history keeps every version that was saved.',
    original: host.theirs,
    originalLabel: 'Theirs, saved',
    presentLabel: 'Mine, not saved',
    editor: host.editor,
    isReadOnly: false,
    takeLabel: 'Take theirs here',
    actions: [
      button({ label: 'Take theirs', testId: 'conflict-take', onClick: () => host.take() }),
      button({
        label: host.withRestart ? 'Overwrite with mine and restart' : 'Overwrite with mine',
        kind: 'danger',
        testId: 'conflict-overwrite',
        onClick: () => host.overwrite(),
      }),
    ],
    closeLabel: 'Keep editing',
    // Saving is what could not be done: here it takes a decision.
    onSave: () => undefined,
    onClose: () => host.keep(),
  });
}
