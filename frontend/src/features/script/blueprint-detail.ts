import type { Blueprint } from '../../../../src/contracts/blueprint.js';
import { h, replaceChildren } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import type { Disposable } from '../../base/lifecycle.js';
import { readPreference } from '../../base/preferences.js';
import { blueprintName } from '../../domain/blueprint.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { confirmDialog } from '../../ui/dialog.js';
import { BlueprintDocument } from './blueprint-document.js';
import type { BlueprintsHost } from './hosts.js';
import { openRenameDialog } from './rename-dialog.js';
import { ScriptEditor } from './script-editor.js';

export interface BlueprintDetailEvents {
  back(): void;
  copy(content: string): void;
  renamed(filename: string): void;
  deleted(): void;
}

const MOST_NAMED = 5;

/** One blueprint: what it says of itself, who uses it, its script. */
export class BlueprintDetail implements Disposable {
  readonly element: HTMLElement;
  private readonly script: ScriptEditor;
  /** Hostile or not, a description may be long: it scrolls, with the keyboard too. */
  private readonly head = h('div', {
    class: 'blueprint-about',
    role: 'group',
    'aria-label': 'About this blueprint',
    tabindex: 0,
  });

  constructor(
    private readonly host: BlueprintsHost,
    private blueprint: Blueprint,
    private readonly events: BlueprintDetailEvents,
  ) {
    this.script = new ScriptEditor(host, {
      document: new BlueprintDocument(host.api, blueprint),
      compare: null,
      history: null,
      restartReason: null,
      menu: () => [this.wrapEntry()],
      onSaved: () => void host.blueprints.refreshQuietly(),
    });
    this.element = h(
      'section',
      {
        class: 'blueprint-detail',
        'aria-label': blueprintName(blueprint),
        'data-testid': 'blueprint-detail',
      },
      h(
        'header',
        { class: 'blueprint-head' },
        button({
          label: 'Back to the list',
          icon: 'chevron-left',
          isIconOnly: true,
          kind: 'quiet',
          testId: 'blueprint-back',
          onClick: () => events.back(),
        }),
        this.head,
        h('div', { class: 'blueprint-actions' }, ...this.actions()),
      ),
      this.script.element,
    );
    this.draw();
    void this.script.load();
  }

  dispose(): void {
    this.script.dispose();
  }

  get filename(): string {
    return this.blueprint.filename;
  }

  get origin(): Blueprint['origin'] {
    return this.blueprint.origin;
  }

  get isDirty(): boolean {
    return this.script.session.isDirty.value;
  }

  /** The catalogue was read again: what it says of itself, and its script, may be others now. */
  async update(blueprint: Blueprint): Promise<void> {
    this.blueprint = blueprint;
    this.draw();
    await this.script.lookAgain();
  }

  private actions(): HTMLElement[] {
    const copy = button({
      label: 'Copy as custom…',
      icon: 'copy',
      testId: 'blueprint-copy',
      onClick: () => this.events.copy(this.script.editor.text),
    });
    if (this.blueprint.origin === 'stock') return [copy];
    return [
      copy,
      button({ label: 'Rename…', testId: 'blueprint-rename', onClick: () => this.rename() }),
      button({
        label: 'Delete…',
        icon: 'trash',
        testId: 'blueprint-delete',
        onClick: () => void this.remove(),
      }),
    ];
  }

  private draw(): void {
    const { blueprint } = this;
    const isCustom = blueprint.origin === 'custom';
    const facts = [isCustom ? 'Custom' : 'Shipped with AiKore', blueprint.category, blueprint.filename];
    replaceChildren(
      this.head,
      h('h3', { dir: 'auto', 'data-testid': 'blueprint-name' }, blueprintName(blueprint)),
      h('small', { dir: 'auto' }, facts.filter(Boolean).join(' · ')),
      blueprint.description === '' ? null : h('p', { dir: 'auto' }, blueprint.description),
      h('small', { 'data-testid': 'blueprint-users' }, this.usersText()),
    );
  }

  private get users(): string[] {
    return this.host.instances
      .sorted()
      .filter(({ base_blueprint: base }) => base === this.blueprint.filename)
      .map(({ name }) => name);
  }

  private usersText(): string {
    const { users } = this;
    if (users.length === 0) return 'No instance was made from it.';
    return `${plural(users.length, 'instance')} made from it: ${listed(users)}.`;
  }

  private wrapEntry() {
    const isWrapped = readPreference('script.wrap') === 'on';
    return {
      label: 'Wrap long lines',
      isChecked: isWrapped,
      testId: 'menu-wrap',
      run: () => this.script.setWrapped(!isWrapped),
    };
  }

  private rename(): void {
    if (this.isDirty) {
      this.host.notices.add({ level: 'info', message: 'Save your changes before you rename the blueprint.' });
      return;
    }
    openRenameDialog(this.host, this.blueprint.filename, (filename) => {
      this.host.drafts.remove(`blueprint.custom.${this.filename}`);
      this.events.renamed(filename);
    });
  }

  private async remove(): Promise<void> {
    const { filename } = this;
    const { users } = this;
    const isConfirmed = await confirmDialog({
      title: `Delete the blueprint ${filename}?`,
      testId: 'confirm-delete-blueprint',
      paragraphs: [
        'Its file is deleted. There is no copy in the trash.',
        users.length === 0
          ? 'No instance was made from it.'
          : `${listed(users)} ${users.length === 1 ? 'was' : 'were'} made from it and ${
              users.length === 1 ? 'keeps its' : 'keep their'
            } own script, but cannot be compared with it or restored to it any more.`,
      ],
      confirmLabel: 'Delete',
    });
    if (!isConfirmed) return;
    try {
      await this.host.api.deleteBlueprint(filename);
      this.script.session.abandon();
      this.host.notices.success(`The blueprint ${filename} was deleted.`);
      this.events.deleted();
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
  }
}

function listed(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return names.join(', ');
  return `${names.slice(0, MOST_NAMED).join(', ')} and ${String(names.length - MOST_NAMED)} more`;
}
