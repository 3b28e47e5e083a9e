import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import { DisposableStore, listen, toDisposable } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';
import type { ToolView } from '../../ui/tool-view.js';
import { InstanceScriptEditor } from './instance-script-editor.js';
import type { ScriptToolHost } from './hosts.js';
import '../../ui/late-styles.js';

/** The scripts of instances in the tools pane. One with unsaved changes stays as it is while others are shown. */
export class ScriptTool implements ToolView<Instance> {
  readonly toolbar = null;
  /** Said on the tab. */
  readonly mark = new Observable<string | null>(null);
  readonly element = h('div', { class: 'script-tool' });
  private readonly resources = new DisposableStore();
  private readonly editors = new Map<number, InstanceScriptEditor>();
  private readonly watches = new Map<number, Disposable>();
  private shown: InstanceScriptEditor | null = null;

  constructor(private readonly host: ScriptToolHost) {
    this.resources.add(host.scriptChanged.on(({ id }) => void this.editors.get(id)?.lookAgain()));
    this.resources.add(host.reconnected.on(() => this.lookAgain()));
    this.resources.add(listen(window, 'focus', () => this.lookAgain()));
    this.resources.add(listen(window, 'beforeunload', (event) => this.warn(event)));
    this.resources.add(toDisposable(() => this.close()));
  }

  dispose(): void {
    this.resources.dispose();
  }

  show(instance: Instance): void {
    const known = this.editors.get(instance.id);
    if (known && known === this.shown) {
      known.update(instance);
      return;
    }
    this.leave();
    const editor = known ?? this.open(instance);
    editor.update(instance);
    this.shown = editor;
    replaceChildren(this.element, editor.element);
    this.drawMark();
  }

  focusSearch(): void {
    this.shown?.openFind();
  }

  focus(): void {
    this.shown?.focus();
  }

  private open(instance: Instance): InstanceScriptEditor {
    const editor = new InstanceScriptEditor(this.host, instance);
    this.editors.set(instance.id, editor);
    this.watches.set(
      instance.id,
      editor.isDirty.on(() => this.drawMark()),
    );
    void editor.load();
    return editor;
  }

  /** One without changes has nothing that fetching it again would not bring back. */
  private leave(): void {
    const { shown } = this;
    this.shown = null;
    if (!shown || shown.isDirty.value) return;
    this.watches.get(shown.instanceId)?.dispose();
    this.watches.delete(shown.instanceId);
    this.editors.delete(shown.instanceId);
    shown.dispose();
  }

  private lookAgain(): void {
    if (!document.hidden) void this.shown?.lookAgain();
  }

  private get unsaved(): InstanceScriptEditor[] {
    return [...this.editors.values()].filter((editor) => editor.isDirty.value);
  }

  private drawMark(): void {
    const { unsaved } = this;
    const others = unsaved.filter((editor) => editor !== this.shown).map((editor) => editor.instanceName);
    if (this.shown?.isDirty.value === true) this.mark.set('Unsaved changes');
    else this.mark.set(others.length === 0 ? null : `Unsaved changes to ${others.join(', ')}`);
  }

  private warn(event: BeforeUnloadEvent): void {
    if (this.unsaved.length > 0) event.preventDefault();
  }

  /** The pane goes; what is unsaved is kept in the browser, and that is said. */
  private close(): void {
    const names = this.unsaved.map((editor) => editor.instanceName);
    for (const watch of this.watches.values()) watch.dispose();
    for (const editor of this.editors.values()) editor.dispose();
    this.editors.clear();
    if (names.length === 0) return;
    this.host.notices.add({
      level: 'warning',
      message: `Your unsaved changes to the script of ${names.join(', ')} are kept in this browser and offered when you open it again.`,
    });
  }
}
