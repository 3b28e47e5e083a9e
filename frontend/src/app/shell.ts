import type { Instance } from '../../../src/contracts/instance.js';
import type { Action } from '../actions/action.js';
import { instanceActions } from '../actions/instance-actions.js';
import { installShortcuts } from '../actions/keyboard.js';
import { ActionRegistry } from '../actions/registry.js';
import { runAction } from '../actions/run.js';
import { h } from '../base/dom.js';
import { Lazy } from '../base/lazy.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { Density } from '../features/instances/density.js';
import { InstancesView } from '../features/instances/instances-view.js';
import { openCommandPalette } from '../features/palette/command-palette.js';
import { applyRemedy, canApply } from '../features/remedies/remedies.js';
import type { SettingsParts } from '../features/settings/settings-host.js';
import { installPageState } from '../features/system/page-state.js';
import { TopBar } from '../features/system/top-bar.js';
import { WarningsBanner } from '../features/system/warnings-banner.js';
import { loadPart } from '../net/load-part.js';
import { RowOrderKeeper } from '../state/row-order.js';
import { reportFailure } from '../state/report-error.js';
import { MENU_ACTION_IDS, globalActions } from './global-actions.js';
import { PasswordHint } from './password-hint.js';
import { LazyDialogs } from './lazy-dialogs.js';
import { paletteCommands } from './palette-commands.js';
import type { Services } from './services.js';
import { SettingsAddress } from './settings-address.js';
import { skipLinks } from './skip-links.js';
import { WelcomeSlot } from './welcome-slot.js';
import { WorkSlot } from './work-slot.js';
import { Workspace } from './workspace.js';

/** The dashboard of somebody who is signed in: wires features to actions and actions to features. */
export class Shell implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly registry = new ActionRegistry();
  private readonly density = new Density();
  private readonly late = new Lazy(() => loadPart(() => import('./late-parts.js')));
  private readonly view: InstancesView;
  private readonly workspace: Workspace;
  private readonly settings: SettingsAddress;
  private readonly lazy = new LazyDialogs(this.services, (instance) => this.view.reveal(instance.id));
  private readonly work = this.resources.add(
    new WorkSlot({
      services: this.services,
      reveal: (instance) => this.awaitRow(instance),
      openTrash: () => this.lazy.openTrash(),
    }),
  );
  /** An instance made here, whose row gets the focus as soon as the events bring it. */
  private awaitedId: number | null = null;

  constructor(
    private readonly services: Services,
    private readonly signOut: () => Promise<void>,
  ) {
    this.settings = this.resources.add(
      new SettingsAddress(
        () => this.settingsHost(),
        (error) => reportFailure(services.notices, error),
      ),
    );
    this.registerActions();
    this.view = this.resources.add(this.buildView());
    this.workspace = this.resources.add(new Workspace(services, this.view));
    const topBar = this.resources.add(this.buildTopBar());
    const warnings = this.resources.add(new WarningsBanner(services.system));
    const hint = new PasswordHint(() => this.openPassword());
    this.resources.add(services.session.state.watch(() => hint.show(services.session.session)));
    this.element = h(
      'div',
      { class: 'shell' },
      skipLinks(() => this.view.focus()),
      topBar.element,
      topBar.banner,
      warnings.element,
      hint.element,
      this.workspace.element,
    );
    this.installPageWide();
    this.resources.add(services.instances.on(() => this.focusAwaited()));
    this.resources.add(
      services.wishes.on(({ actionId, instance }) => this.run(this.registry.forInstance(actionId), instance)),
    );
    this.restoreOnce();
    this.late.prefetch();
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
        showTool: (instance, tool) => this.workspace.showTools(instance, tool),
        showDetails: (instance) => this.openDetails(instance),
        confirmDelete: (instance, mode) =>
          this.attempt(async () => {
            const { deleteInstance } = await loadPart(() => import('../features/trash/delete-dialog.js'));
            await deleteInstance({ ...services, openTrash: () => this.lazy.openTrash() }, instance, mode);
          }),
        confirmKill: async (instance) => (await this.late.get()).confirmKill(instance),
        reconsider: (id) => services.instances.touch(id),
        open: (dialog, instance) => this.work.openFor(dialog, instance),
      }),
    );
    this.registry.addGlobal(
      ...globalActions({
        services,
        openCreate: () => this.openCreate(null),
        density: this.density,
        reviewChanges: () => this.reviewChanges(),
        openTasks: () => this.work.openTasks(),
        openArchives: () => this.work.openArchives(),
        openTrash: () => this.lazy.openTrash(),
        openBlueprints: () => this.lazy.openBlueprints(),
        openPassword: () => this.openPassword(),
        openSettings: (section) => void this.settings.open(section),
        openNotices: () => this.lazy.openNotices(),
        openShortcuts: () =>
          this.attempt(async () => {
            const { openShortcutsDialog, shortcutGroups } = await this.late.get();
            openShortcutsDialog(shortcutGroups(this.registry));
          }),
        openPalette: () => this.openPalette(),
        openMachineTerminal: () => this.lazy.openMachineTerminal(),
        focusFilter: () => this.view.focusFilter(),
        toggleMonitoring: () => this.workspace.monitor.toggle(),
        signOut: this.signOut,
      }),
    );
  }

  private buildView(): InstancesView {
    const create = (blueprint: string | null) => this.openCreate(blueprint);
    const welcome = this.resources.add(new WelcomeSlot(this.late, this.services.notices, create));
    return new InstancesView({
      ...this.services,
      registry: this.registry,
      store: this.services.instances,
      order: this.buildOrder(),
      density: this.density,
      late: async () => (await this.late.get()).table,
      openTrash: () => this.lazy.openTrash(),
      reviewChanges: () => this.reviewChanges(),
      welcome,
      run: (action, instance) => this.run(action, instance),
      runGlobal: (id) => this.run(this.registry.global(id), undefined),
      canMend: (remedy) => canApply(this.services, remedy),
      mend: (instance, remedy) => applyRemedy(this.services, instance, remedy),
    });
  }

  private buildOrder(): RowOrderKeeper {
    const { api, instances, notices } = this.services;
    return new RowOrderKeeper({
      store: instances,
      send: (ids) => api.arrange(ids),
      onFailure: (error) => reportFailure(notices, error, 'The order was not saved. '),
    });
  }

  private reviewChanges(): void {
    this.attempt(async () => (await this.late.get()).openChangesDialog(this.services));
  }

  private buildTopBar(): TopBar {
    const { system, events, theme, notices } = this.services;
    return new TopBar({
      system,
      events,
      theme,
      monitoring: this.registry.global('monitoring'),
      isMonitoringOpen: this.workspace.monitor.isOpen,
      openMonitoring: () => this.workspace.monitor.open(),
      notices,
      work: this.work.element,
      menuActions: MENU_ACTION_IDS.map((id) => this.registry.global(id)),
      run: (action) => this.run(action, undefined),
      openPalette: () => this.openPalette(),
      openNotices: () => this.lazy.openNotices(),
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
    this.attempt(async () => {
      const { openCreateDialog } = await this.late.get();
      openCreateDialog({ ...this.services, onCreated: (instance) => this.awaitRow(instance) }, blueprint);
    });
  }

  private openDetails(instance: Instance): void {
    this.attempt(async () => (await this.late.get()).openEditDialog(this.services, instance.id));
  }

  private attempt(work: () => Promise<void>): void {
    work().catch((error: unknown) => reportFailure(this.services.notices, error));
  }

  private openPassword(): void {
    const { api, notices, session } = this.services;
    const refresh = async () => session.signIn(await api.session());
    this.attempt(async () => {
      const { openPasswordDialog } = await loadPart(() => import('../features/signin/password-dialog.js'));
      openPasswordDialog({
        api,
        notices,
        session: session.session,
        onChanged: () => void refresh().catch((error: unknown) => reportFailure(notices, error)),
      });
    });
  }

  private settingsHost(): SettingsParts {
    const { api, notices, session, system, theme, instances } = this.services;
    return {
      ...{ api, notices, session, system, theme },
      density: this.density,
      openPassword: () => this.openPassword(),
      signOut: this.signOut,
      instance: (id) => instances.get(id),
      reveal: (id) => {
        this.settings.close();
        this.view.reveal(id);
      },
    };
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
      this.restore();
      return;
    }
    const first = this.services.instances.on(() => {
      first.dispose();
      this.restore();
    });
    this.resources.add(first);
  }

  private restore(): void {
    this.workspace.restore();
    this.settings.follow();
  }
}
