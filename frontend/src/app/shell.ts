import type { Instance } from '../../../src/contracts/instance.js';
import type { Action } from '../actions/action.js';
import { instanceActions } from '../actions/instance-actions.js';
import { installShortcuts } from '../actions/keyboard.js';
import { ActionRegistry } from '../actions/registry.js';
import { runAction } from '../actions/run.js';
import { h } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { openCreateDialog } from '../features/create/create-dialog.js';
import { openEditDialog } from '../features/create/edit-dialog.js';
import { InstancesView } from '../features/instances/instances-view.js';
import { openCommandPalette } from '../features/palette/command-palette.js';
import { openShortcutsDialog } from '../features/palette/shortcuts-dialog.js';
import { applyRemedy, canApply, rebuild } from '../features/remedies/remedies.js';
import { openPasswordDialog } from '../features/signin/password-dialog.js';
import { DiskBanner } from '../features/system/disk-banner.js';
import { installPageState } from '../features/system/page-state.js';
import { TopBar } from '../features/system/top-bar.js';
import { deleteInstance } from '../features/trash/delete-dialog.js';
import { openTrashDialog } from '../features/trash/trash-dialog.js';
import { welcome } from '../features/welcome/welcome.js';
import { reportFailure } from '../state/report-error.js';
import { confirmDialog } from '../ui/dialog.js';
import { MENU_ACTION_IDS, globalActions } from './global-actions.js';
import { PasswordHint } from './password-hint.js';
import { paletteCommands, shortcutGroups } from './palette-commands.js';
import type { Services } from './services.js';
import type { ToolId } from './tools/tool-catalogue.js';
import { Workspace } from './workspace.js';

/** The dashboard of somebody who is signed in: wires features to actions and actions to features. */
export class Shell implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly registry = new ActionRegistry();
  private readonly view: InstancesView;
  private readonly workspace: Workspace;
  /** An instance made here, whose row gets the focus as soon as the events bring it. */
  private awaitedId: number | null = null;

  constructor(
    private readonly services: Services,
    private readonly signOut: () => Promise<void>,
  ) {
    this.registerActions();
    this.view = this.resources.add(this.buildView());
    this.workspace = this.resources.add(new Workspace(services, this.view));
    const topBar = this.resources.add(this.buildTopBar());
    const disk = this.resources.add(new DiskBanner(services.system));
    const hint = new PasswordHint(() => this.openPassword());
    this.resources.add(services.session.state.watch(() => hint.show(services.session.session)));
    this.element = h(
      'div',
      { class: 'shell' },
      topBar.element,
      topBar.banner,
      disk.element,
      hint.element,
      this.workspace.element,
    );
    this.installPageWide();
    this.resources.add(services.instances.on(() => this.focusAwaited()));
    this.restoreOnce();
  }

  dispose(): void {
    this.resources.dispose();
    this.element.remove();
  }

  private registerActions(): void {
    const { services } = this;
    this.registry.addForInstance(
      ...instanceActions({
        api: services.api,
        notices: services.notices,
        showTool: (instance, tool) => this.showTool(instance, tool),
        showDetails: (instance) => void this.openDetails(instance),
        confirmDelete: (instance, mode) =>
          void deleteInstance({ ...services, openTrash: () => openTrashDialog(services) }, instance, mode),
        confirmKill,
        rebuild: (instance) => rebuild(services, instance),
      }),
    );
    this.registry.addGlobal(
      ...globalActions({
        services,
        openCreate: () => this.openCreate(null),
        openTrash: () => openTrashDialog(services),
        openPassword: () => this.openPassword(),
        openShortcuts: () => openShortcutsDialog(shortcutGroups(this.registry)),
        openPalette: () => this.openPalette(),
        openMachineTerminal: () => this.openMachineTerminal(),
        focusFilter: () => this.view.focusFilter(),
        signOut: this.signOut,
      }),
    );
  }

  private buildView(): InstancesView {
    return new InstancesView({
      registry: this.registry,
      store: this.services.instances,
      blueprints: this.services.blueprints,
      welcome: welcome({ create: (blueprint) => this.openCreate(blueprint) }),
      run: (action, instance) => this.run(action, instance),
      runGlobal: (id) => this.run(this.registry.global(id), undefined),
      canMend: (remedy) => canApply(this.services, remedy),
      mend: (instance, remedy) => applyRemedy(this.services, instance, remedy),
    });
  }

  private buildTopBar(): TopBar {
    const { system, events, theme } = this.services;
    return new TopBar({
      system,
      events,
      theme,
      menuActions: MENU_ACTION_IDS.map((id) => this.registry.global(id)),
      run: (action) => this.run(action, undefined),
      openPalette: () => this.openPalette(),
    });
  }

  private installPageWide(): void {
    const { instances, events } = this.services;
    this.resources.add(installPageState(instances, events));
    this.resources.add(
      installShortcuts({
        registry: this.registry,
        focusedInstance: () => this.view.table.focused,
        runGlobal: (action) => this.run(action, undefined),
        runForInstance: (action, instance) => this.run(action, instance),
      }),
    );
  }

  private run<T>(action: Action<T>, target: T): void {
    void runAction(action, target, this.services.notices);
  }

  private openCreate(blueprint: string | null): void {
    openCreateDialog({ ...this.services, onCreated: (instance) => this.awaitRow(instance) }, blueprint);
  }

  private async openDetails(instance: Instance): Promise<void> {
    try {
      await openEditDialog(this.services, instance.id);
    } catch (error) {
      reportFailure(this.services.notices, error);
    }
  }

  private openPassword(): void {
    const { api, notices, session } = this.services;
    const refresh = async () => session.signIn(await api.session());
    openPasswordDialog({
      api,
      notices,
      session: session.session,
      onChanged: () => void refresh().catch((error: unknown) => reportFailure(notices, error)),
    });
  }

  private openPalette(): void {
    openCommandPalette(
      paletteCommands({
        registry: this.registry,
        instances: this.services.instances.sorted(),
        focused: this.view.table.active,
        run: (action, target) => this.run(action, target),
        reveal: (instance) => this.view.reveal(instance.id),
      }),
    );
  }

  /** A terminal is for typing, so whoever asks for it is taken there; what is read leaves the focus with its row. */
  private showTool(instance: Instance, tool: ToolId): void {
    this.workspace.showTools(instance, tool, { takesFocus: tool === 'terminal' });
  }

  private async openMachineTerminal(): Promise<void> {
    const { openMachineTerminal } = await import('../features/terminals/machine-terminal.js');
    openMachineTerminal(this.services);
  }

  private awaitRow(instance: Instance): void {
    this.awaitedId = instance.id;
    this.focusAwaited();
  }

  private focusAwaited(): void {
    if (this.awaitedId === null || !this.services.instances.get(this.awaitedId)) return;
    const id = this.awaitedId;
    this.awaitedId = null;
    this.view.reveal(id);
  }

  /** The tools that the address names open with the first snapshot, and not again. */
  private restoreOnce(): void {
    if (this.services.instances.hasLoaded) {
      this.workspace.restore();
      return;
    }
    const first = this.services.instances.on(() => {
      first.dispose();
      this.workspace.restore();
    });
    this.resources.add(first);
  }
}

function confirmKill(instance: Instance): Promise<boolean> {
  return confirmDialog({
    title: `Kill ${instance.name}?`,
    testId: 'confirm-kill',
    paragraphs: [
      'All its processes end at once, without a chance to save. What they have not written yet is lost.',
      'Stop asks them first and kills them only when they do not listen.',
    ],
    confirmLabel: 'Kill',
  });
}
