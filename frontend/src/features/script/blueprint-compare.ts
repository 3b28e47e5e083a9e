import type { ScriptBlueprint } from '../../../../src/contracts/script.js';
import { button } from '../../ui/button.js';
import type { CodeEditor } from '../../ui/code/code-editor.js';
import { CompareView } from './compare-view.js';

export interface BlueprintCompareHost {
  blueprint: ScriptBlueprint;
  label: string;
  editor: CodeEditor;
  isReadOnly: boolean;
  takeOver(): void;
  save(): void;
  close(): void;
}

/** The blueprint as it is now beside the script that was made from it. */
export function blueprintCompare(host: BlueprintCompareHost): CompareView {
  const { blueprint, label } = host;
  return new CompareView({
    title: 'Compare with the blueprint',
    lead:
      blueprint.changed_since === true
        ? 'The blueprint changed since this script was taken from it. What is green is only in yours, what is red only in the blueprint.'
        : null,
    original: blueprint.content,
    originalLabel: `Blueprint ${label}${blueprint.is_custom ? ' (custom)' : ''}, as it is now`,
    presentLabel: 'This script',
    editor: host.editor,
    isReadOnly: host.isReadOnly,
    takeLabel: 'Take the blueprint’s here',
    actions: [
      button({ label: 'Take over all…', testId: 'compare-take-all', onClick: () => host.takeOver() }),
    ],
    closeLabel: 'Back to the editor',
    onSave: () => host.save(),
    onClose: () => host.close(),
  });
}
