import type { Instance } from '../../../../src/contracts/instance.js';
import type { ScriptBlueprint } from '../../../../src/contracts/script.js';
import { h } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { Observable } from '../../base/observable.js';
import { readPreference } from '../../base/preferences.js';
import { isActive } from '../../domain/status.js';
import { reportFailure } from '../../state/report-error.js';
import { banner } from '../../ui/banner.js';
import { button } from '../../ui/button.js';
import { confirmDialog } from '../../ui/dialog.js';
import type { MenuEntry } from '../../ui/menu.js';
import { blueprintCompare } from './blueprint-compare.js';
import { HistoryView } from './history-view.js';
import { InstanceDocument } from './instance-document.js';
import { openSaveAsDialog } from './save-as-dialog.js';
import { ScriptEditor } from './script-editor.js';
import type { ScriptToolHost } from './hosts.js';

/** The editor of one instance's script, with the blueprint that it came from and its earlier versions. */
export class InstanceScriptEditor implements Disposable {
  private readonly document: InstanceDocument;
  private readonly script: ScriptEditor;
  readonly element: HTMLElement;
  private blueprint: ScriptBlueprint | null = null;
  private isNewsDismissed = false;
  /** The one that was opened last; it may be closed. */
  private history: HistoryView | null = null;

  constructor(
    private readonly host: ScriptToolHost,
    private instance: Instance,
  ) {
    this.document = new InstanceDocument(host.api, instance);
    this.script = new ScriptEditor(host, {
      document: this.document,
      compare: () => void this.compare(),
      history: () => this.openHistory(),
      restartReason: () => restartReason(this.instance),
      menu: () => this.menu(),
      onSaved: () => {
        void this.lookAtBlueprint();
        void this.history?.refresh();
      },
    });
    this.element = this.script.element;
  }

  dispose(): void {
    this.script.dispose();
  }

  get instanceId(): number {
    return this.instance.id;
  }

  get instanceName(): string {
    return this.instance.name;
  }

  get isDirty(): Observable<boolean> {
    return this.script.session.isDirty;
  }

  async load(): Promise<void> {
    await this.script.load();
    if (this.document.remarks.length > 0) this.script.banners.say(this.document.remarks.join(' '));
    await this.lookAtBlueprint();
  }

  update(instance: Instance): void {
    this.instance = instance;
    this.document.update(instance);
    this.script.refresh();
  }

  lookAgain(): Promise<void> {
    return this.script.lookAgain();
  }

  openFind(): void {
    this.script.openFind();
  }

  focus(): void {
    this.script.focus();
  }

  /** Whether the blueprint has news. A blueprint that is no more is no failure here. */
  private async lookAtBlueprint(): Promise<void> {
    try {
      this.blueprint = await this.host.api.blueprintOf(this.instance.id);
    } catch {
      this.blueprint = null;
    }
    this.drawNews();
  }

  private drawNews(): void {
    const { blueprint } = this;
    const hasNews = blueprint?.differs === true && blueprint.changed_since === true && !this.isNewsDismissed;
    this.script.banners.setExtra(hasNews ? this.news(blueprint) : null);
  }

  private news(blueprint: ScriptBlueprint): HTMLElement {
    const label = this.host.blueprints.label(blueprint.filename);
    return banner({
      testId: 'blueprint-news',
      kind: 'info',
      icon: 'box',
      text: [
        h('strong', null, 'The blueprint changed since.'),
        ` ${label} has a newer version than this script.`,
      ],
      actions: [
        button({ label: 'Compare', testId: 'blueprint-news-compare', onClick: () => void this.compare() }),
        button({
          label: 'Take it over…',
          testId: 'blueprint-news-take',
          onClick: () => void this.takeOver(),
        }),
        button({
          label: 'Not now',
          icon: 'close',
          isIconOnly: true,
          kind: 'quiet',
          testId: 'blueprint-news-dismiss',
          onClick: () => {
            this.isNewsDismissed = true;
            this.drawNews();
          },
        }),
      ],
    });
  }

  private menu(): MenuEntry[] {
    const isWrapped = readPreference('script.wrap') === 'on';
    const { blueprint } = this;
    return [
      {
        label: 'Save as custom blueprint…',
        icon: 'box',
        testId: 'menu-save-as',
        run: () => this.saveAs(),
      },
      {
        label:
          blueprint?.changed_since === true
            ? 'Take over the blueprint’s new version…'
            : 'Restore to the blueprint…',
        icon: 'restart',
        testId: 'menu-take-blueprint',
        disabledReason: this.takeReason(),
        run: () => void this.takeOver(),
      },
      'separator',
      {
        label: 'Wrap long lines',
        isChecked: isWrapped,
        testId: 'menu-wrap',
        run: () => this.script.setWrapped(!isWrapped),
      },
    ];
  }

  private takeReason(): string | null {
    if (!this.blueprint) return `${this.instance.base_blueprint} is not among the blueprints any more.`;
    const isSame = this.script.session.savedText === this.blueprint.content && !this.isDirty.value;
    return isSame ? 'The script is the blueprint’s already.' : null;
  }

  private async compare(): Promise<void> {
    try {
      const blueprint = await this.host.api.blueprintOf(this.instance.id);
      this.blueprint = blueprint;
      this.script.show(
        blueprintCompare({
          blueprint,
          label: this.host.blueprints.label(blueprint.filename),
          editor: this.script.editor,
          isReadOnly: this.script.session.offer.value !== null,
          takeOver: () => void this.takeOver(),
          save: () => void this.script.save(false),
          close: () => this.script.show(null),
        }),
      );
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
  }

  private openHistory(): void {
    this.history = new HistoryView({
      api: this.host.api,
      notices: this.host.notices,
      instanceId: this.instance.id,
      editor: this.script.editor,
      isReadOnly: this.script.session.offer.value !== null,
      save: () => void this.script.save(false),
      restore: (content, version) => {
        this.script.editor.replace(content);
        this.script.show(null);
        this.script.banners.say(`Version ${String(version)} is in the editor. Save to make it the script.`);
      },
      close: () => this.script.show(null),
    });
    this.script.show(this.history);
  }

  private saveAs(): void {
    openSaveAsDialog({
      api: this.host.api,
      notices: this.host.notices,
      blueprints: this.host.blueprints,
      wantedName: this.instance.name,
      content: this.script.editor.text,
    });
  }

  private async takeOver(): Promise<void> {
    const { instance, blueprint } = this;
    const label = blueprint ? this.host.blueprints.label(blueprint.filename) : instance.base_blueprint;
    const isConfirmed = await confirmDialog({
      title: `Take over ${label} as it is now?`,
      testId: 'confirm-take-blueprint',
      paragraphs: [
        `The script of ${instance.name} becomes the present version of the blueprint. What you changed in it is lost${
          this.isDirty.value ? ', the changes that are not saved too' : ''
        }.`,
        'The version that is saved now stays in the history, from where it can be restored.',
      ],
      confirmLabel: 'Take over',
    });
    if (!isConfirmed) return;
    try {
      await this.script.session.replaceWith((etag) => this.document.takeBlueprint(etag));
      this.script.show(null);
      this.host.notices.success(
        `${instance.name} has the present version of ${label}${
          isActive(instance.status) ? '; it runs with the old one until it is restarted' : ''
        }.`,
      );
      await this.lookAtBlueprint();
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
  }
}

function restartReason({ name, status }: Instance): string | null {
  if (status === 'stopping') return `${name} is stopping.`;
  return isActive(status) ? null : `${name} is not running: save, then start it.`;
}
