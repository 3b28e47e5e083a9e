import { h } from '../../base/dom.js';
import { blueprintFilenameProblem, withScriptEnding } from '../../domain/script-name.js';
import { ApiError } from '../../net/http.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import type { BlueprintsHost } from './hosts.js';

/** Asks for another file name of a custom blueprint, and gives it that. */
export function openRenameDialog(
  { api, notices, instances }: BlueprintsHost,
  filename: string,
  onRenamed: (filename: string) => void,
): void {
  const control = h('input', {
    type: 'text',
    class: 'input is-mono',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const users = instances.sorted().filter(({ base_blueprint: base }) => base === filename).length;
  const name = field({ label: 'New file name', control, testId: 'rename-filename' });
  let isSending = false;
  const send = async () => {
    control.value = withScriptEnding(control.value);
    const to = control.value;
    const problem = blueprintFilenameProblem(to) ?? (to === filename ? 'It has this name already.' : null);
    name.setProblem(problem);
    if (problem !== null || isSending) return;
    isSending = true;
    try {
      await api.renameBlueprint(filename, to);
      dialog.close();
      notices.success(`${filename} is now ${to}.`);
      onRenamed(to);
    } catch (error) {
      name.setProblem(error instanceof ApiError ? error.message : String(error));
    } finally {
      isSending = false;
    }
  };
  const dialog = openDialog({
    title: `Rename ${filename}`,
    testId: 'rename-dialog',
    width: 'narrow',
    content: [
      h(
        'p',
        null,
        users === 0
          ? 'No instance was made from it.'
          : 'The instances made from it keep their scripts, and know the blueprint by its new name.',
      ),
      name.root,
    ],
    footer: [
      button({ label: 'Cancel', onClick: () => dialog.close() }),
      button({ label: 'Rename', kind: 'primary', type: 'submit', testId: 'rename-submit' }),
    ],
    onSubmit: () => void send(),
  });
  control.value = filename;
  control.focus();
  control.setSelectionRange(0, filename.length - '.sh'.length);
}
