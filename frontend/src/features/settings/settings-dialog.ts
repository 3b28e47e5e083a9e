import { h, setAttribute, uniqueId } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import { AdminApi } from '../../net/admin-api.js';
import { AboutSection } from './about-section.js';
import { AppearanceSection } from './appearance-section.js';
import { AuditSection } from './audit-section.js';
import { PasswordSection } from './password-section.js';
import { PortsSection } from './ports-section.js';
import type { SettingsSection } from './section.js';
import { SECTIONS } from './section-names.js';
import type { SectionId } from './section-names.js';
import { SessionsSection } from './sessions-section.js';
import type { SettingsHost, SettingsParts } from './settings-host.js';
import { TokensSection } from './tokens-section.js';
import '../../ui/late-styles.js';

const BUILDERS: Record<SectionId, (host: SettingsHost) => SettingsSection> = {
  password: (host) => new PasswordSection(host),
  sessions: (host) => new SessionsSection(host),
  tokens: (host) => new TokensSection(host),
  audit: (host) => new AuditSection(host),
  ports: (host) => new PortsSection(host),
  appearance: (host) => new AppearanceSection(host),
  about: (host) => new AboutSection(host),
};

export interface SettingsDialogOptions {
  host: SettingsParts;
  section: SectionId;
  /** Another page was chosen. */
  onSection(id: SectionId): void;
  onClose(): void;
}

/** The settings: pages at the left, on a phone in a line that scrolls, the chosen one beside them. */
export class SettingsDialog {
  private readonly panelId = uniqueId('settings-panel');
  private readonly tabs = new Map<SectionId, HTMLElement>();
  private readonly panel = h('div', {
    class: 'settings-panel',
    role: 'tabpanel',
    id: this.panelId,
    tabindex: -1,
  });
  private readonly sections = new Map<SectionId, SettingsSection>();
  private readonly resources = new DisposableStore();
  private readonly dialog: OpenDialog;
  private readonly host: SettingsHost;
  private present: SectionId;

  constructor(private readonly options: SettingsDialogOptions) {
    this.host = { ...options.host, admin: new AdminApi(options.host.api) };
    this.present = options.section;
    this.dialog = openDialog({
      title: 'Settings',
      testId: 'settings-dialog',
      width: 'wide',
      content: [h('div', { class: 'settings' }, this.tabList(), this.panel)],
      onSubmit: (submitter) => this.sections.get(this.present)?.submit?.(submitter),
      onClose: () => {
        this.resources.dispose();
        options.onClose();
      },
    });
    this.dialog.element.classList.add('is-settings');
    this.show(options.section);
    this.tabs.get(options.section)?.focus();
  }

  /** False from the moment it is being closed. */
  get isOpen(): boolean {
    return this.dialog.element.open;
  }

  close(): void {
    this.dialog.close();
  }

  show(id: SectionId): void {
    this.present = id;
    for (const [each, tab] of this.tabs) {
      setAttribute(tab, 'aria-selected', String(each === id));
      setAttribute(tab, 'tabindex', each === id ? 0 : -1);
    }
    const tab = this.tabs.get(id);
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    setAttribute(this.panel, 'aria-labelledby', tab?.id);
    setAttribute(this.panel, 'data-testid', `settings-${id}`);
    const section = this.sections.get(id) ?? this.build(id);
    this.panel.replaceChildren(section.element);
    this.panel.scrollTop = 0;
    section.show();
    this.options.onSection(id);
  }

  private build(id: SectionId): SettingsSection {
    const section = this.resources.add(BUILDERS[id](this.host));
    this.sections.set(id, section);
    return section;
  }

  private tabList(): HTMLElement {
    const list = h('div', {
      class: 'settings-tabs',
      role: 'tablist',
      'aria-label': 'Settings',
      'aria-orientation': 'vertical',
      onkeydown: (event) => this.key(event),
    });
    for (const { id, label, icon: symbol } of SECTIONS) {
      const tab = h(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: uniqueId('settings-tab'),
          class: 'settings-tab',
          'aria-controls': this.panelId,
          'data-testid': `settings-tab-${id}`,
          onclick: () => this.show(id),
        },
        icon(symbol),
        label,
      );
      this.tabs.set(id, tab);
      list.append(tab);
    }
    return list;
  }

  private key(event: KeyboardEvent): void {
    const ids = SECTIONS.map(({ id }) => id);
    const place = ids.indexOf(this.present);
    const steps: Record<string, number> = {
      ArrowDown: place + 1,
      ArrowRight: place + 1,
      ArrowUp: place - 1,
      ArrowLeft: place - 1,
      Home: 0,
      End: ids.length - 1,
    };
    const wanted = steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const id = ids[(wanted + ids.length) % ids.length];
    if (id === undefined) return;
    this.show(id);
    this.tabs.get(id)?.focus();
  }
}
