import { h } from '../../base/dom.js';
import { blueprintFilenameProblem, freeFilename, withScriptEnding } from '../../domain/script-name.js';
import { metadataName, withMetadataName } from '../../domain/script-metadata.js';
import { ApiError } from '../../net/http.js';
import type { ScriptApi } from '../../net/script-api.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { NoticeStore } from '../../state/notices.js';
import { button } from '../../ui/button.js';
import { confirmDialog, openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';

export interface SaveAsHost {
  api: ScriptApi;
  notices: NoticeStore;
  blueprints: BlueprintStore;
  /** What it is likely to be called. */
  wantedName: string;
  content: string;
  onSaved?: (filename: string) => void;
}

/** Asks for names and saves a script as a custom blueprint. One of the same name is overwritten only after asking. */
export function openSaveAsDialog(host: SaveAsHost): void {
  new SaveAsDialog(host);
}

class SaveAsDialog {
  private readonly filename = field({
    label: 'File name',
    control: textInput(true),
    hint: 'Instances name the blueprint by it.',
    testId: 'save-as-filename',
  });
  private readonly name = field({
    label: 'Name',
    control: textInput(false),
    hint: 'Shown in lists; kept in the metadata block at the top of the script.',
    testId: 'save-as-name',
  });
  private readonly submit = button({
    label: 'Save blueprint',
    kind: 'primary',
    type: 'submit',
    testId: 'save-as-submit',
  });
  private readonly dialog: OpenDialog;
  private isSending = false;

  constructor(private readonly host: SaveAsHost) {
    const taken = new Set(host.blueprints.all().map(({ filename }) => filename));
    this.filename.control.value = freeFilename(host.wantedName, taken);
    this.filename.control.addEventListener('input', () => this.filename.setProblem(this.problem(false)));
    this.name.control.value = metadataName(host.content) || host.wantedName;
    this.dialog = openDialog({
      title: 'Save as custom blueprint',
      testId: 'save-as-dialog',
      width: 'narrow',
      content: [
        h('p', null, 'New instances can be made from it. This script stays as it is.'),
        this.filename.root,
        this.name.root,
      ],
      footer: [
        button({ label: 'Cancel', testId: 'save-as-cancel', onClick: () => this.dialog.close() }),
        this.submit,
      ],
      onSubmit: () => void this.send(),
    });
    this.filename.control.focus();
    this.filename.control.select();
  }

  private problem(isWhole: boolean): string | null {
    const typed = this.filename.control.value;
    // While one types the ending may still be to come.
    return blueprintFilenameProblem(isWhole ? typed : withScriptEnding(typed) || typed);
  }

  private async send(): Promise<void> {
    this.filename.control.value = withScriptEnding(this.filename.control.value);
    const problem = this.problem(true);
    this.filename.setProblem(problem);
    if (problem !== null) this.filename.control.focus();
    if (problem !== null || this.isSending) return;
    this.isSending = true;
    try {
      await this.save(this.filename.control.value);
    } catch (error) {
      this.filename.setProblem(error instanceof ApiError ? error.message : String(error));
      this.filename.control.focus();
    } finally {
      this.isSending = false;
    }
  }

  private async save(filename: string): Promise<void> {
    const { api, blueprints, notices } = this.host;
    const name = this.name.control.value.trim();
    const content = name === '' ? this.host.content : withMetadataName(this.host.content, name);
    try {
      await api.createBlueprint(filename, content);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'BLUEPRINT_EXISTS')) throw error;
      if (!(await this.overwrite(filename, content))) return;
    }
    this.dialog.close();
    notices.success(`Saved ${filename} among your blueprints.`);
    await blueprints.refreshQuietly();
    this.host.onSaved?.(filename);
  }

  /** False when the user did not want it after all. @throws ApiError */
  private async overwrite(filename: string, content: string): Promise<boolean> {
    const { api, blueprints } = this.host;
    await blueprints.refresh();
    if (!blueprints.all().some((known) => known.origin === 'custom' && known.filename === filename)) {
      this.filename.setProblem('A shipped blueprint has this name. Choose another one.');
      this.filename.control.focus();
      return false;
    }
    const { etag } = await api.blueprint('custom', filename);
    const isConfirmed = await confirmDialog({
      title: `Overwrite ${filename}?`,
      testId: 'confirm-overwrite-blueprint',
      paragraphs: [
        'There is a custom blueprint of this name. Its script is replaced, and there is no copy of it.',
        'Instances that were made from it keep theirs.',
      ],
      confirmLabel: 'Overwrite',
    });
    if (isConfirmed) await api.replaceBlueprint(filename, content, etag);
    return isConfirmed;
  }
}

function textInput(isMono: boolean): HTMLInputElement {
  return h('input', {
    type: 'text',
    class: isMono ? 'input is-mono' : 'input',
    autocomplete: 'off',
    spellcheck: 'false',
  });
}
