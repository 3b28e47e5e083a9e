import type { AuditEntry, AuditPage } from '../../../../src/contracts/audit.js';
import { h, setText } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { AuditFilters } from './audit-filters.js';
import { actionTitle, actionWords } from './audit-words.js';
import { LoadedPart } from './loaded-list.js';
import type { SettingsSection } from './section.js';
import type { SettingsHost } from './settings-host.js';

const OUTCOMES = { done: 'done', refused: 'refused', failed: 'failed' } as const;

/** Who did what, when, from where; newest first, further back by a button. */
export class AuditSection implements SettingsSection {
  readonly element: HTMLElement;
  private readonly filters = new AuditFilters(() => void this.list.load());
  private readonly list: LoadedPart<AuditPage>;
  private readonly refresh = button({
    label: 'Refresh',
    icon: 'restart',
    testId: 'audit-refresh',
    onClick: () => void this.list.load(),
  });
  private readonly kept = h('p', { class: 'field-hint' });

  constructor(private readonly host: SettingsHost) {
    this.list = new LoadedPart(
      host.notices,
      () => host.admin.audit(this.filters.query),
      (page) => this.draw(page),
    );
    this.element = h(
      'div',
      { class: 'settings-part is-audit' },
      h('div', { class: 'audit-bar' }, this.filters.element, this.refresh),
      this.list.element,
      this.kept,
    );
  }

  show(): void {
    void this.list.load();
  }

  dispose(): void {
    // Nothing outlives its elements.
  }

  private draw(page: AuditPage): Node[] {
    this.filters.offer(page.actors, page.actions);
    setText(
      this.kept,
      `Entries are kept for ${String(page.kept_days)} days, ${page.kept_entries.toLocaleString('en')} at most. Passwords, secrets and values of variables are never among them.`,
    );
    if (page.entries.length === 0)
      return [
        h('p', null, this.filters.isEmpty ? 'Nothing has been done yet.' : 'Nothing matches the filter.'),
      ];
    const body = h('tbody', null, ...page.entries.map((entry) => this.row(entry)));
    const table = h(
      'table',
      { class: 'settings-table', 'data-testid': 'audit-table' },
      h('caption', { class: 'is-off-screen' }, 'Audit log, newest first'),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          ...['When', 'Who', 'What', 'Outcome', 'From'].map((title) => h('th', { scope: 'col' }, title)),
        ),
      ),
      body,
    );
    return [table, ...this.older(page.next_before, body)];
  }

  private older(before: number | null, body: HTMLElement): Node[] {
    if (before === null) return [];
    const more = button({
      label: 'Older entries',
      testId: 'audit-older',
      onClick: () => void this.loadOlder(before, body, more),
    });
    return [h('div', { class: 'settings-actions' }, more)];
  }

  private async loadOlder(before: number, body: HTMLElement, more: HTMLButtonElement): Promise<void> {
    more.disabled = true;
    try {
      const page = await this.host.admin.audit({ ...this.filters.query, before });
      const rows = page.entries.map((entry) => this.row(entry));
      body.append(...rows);
      const next = this.older(page.next_before, body);
      more.parentElement?.replaceWith(...next);
      // The button is gone or another one: the first of the new rows is where one reads on.
      rows[0]?.setAttribute('tabindex', '-1');
      rows[0]?.focus();
    } catch (error) {
      more.disabled = false;
      reportFailure(this.host.notices, error);
    }
  }

  private row(entry: AuditEntry): HTMLElement {
    const age = ageMs(entry.at, Date.now());
    return h(
      'tr',
      { 'data-testid': 'audit-entry', 'data-what': entry.action, 'data-outcome': entry.outcome },
      h(
        'td',
        { 'data-label': 'When' },
        h(
          'time',
          { datetime: entry.at, 'data-tip': formatExact(entry.at) },
          age === null ? entry.at : `${formatAge(age)} ago`,
        ),
      ),
      h('td', { 'data-label': 'Who' }, h('span', { class: 'is-user-text' }, entry.actor)),
      h('td', { 'data-label': 'What', 'data-tip': entry.action }, ...this.what(entry)),
      h(
        'td',
        { 'data-label': 'Outcome' },
        h('span', { class: `outcome is-${entry.outcome}` }, OUTCOMES[entry.outcome]),
        entry.code === null ? null : h('code', { 'data-tip': requestTip(entry) }, entry.code),
      ),
      h('td', { 'data-label': 'From' }, h('span', { class: 'is-mono is-user-text' }, entry.address ?? '–')),
    );
  }

  private what(entry: AuditEntry): (Node | string)[] {
    const words = entry.target === null ? actionTitle(entry.action) : actionWords(entry.action);
    const parts: (Node | string)[] = [words];
    const instance = entry.instance_id === null ? null : this.host.instance(entry.instance_id);
    if (entry.target !== null) parts.push(' ', this.target(entry.target, instance?.id ?? null));
    if (entry.detail !== null) parts.push(h('small', { class: 'is-user-text' }, ` ${entry.detail}`));
    return parts;
  }

  /** A way to the row, while there is one. */
  private target(name: string, id: number | null): HTMLElement {
    if (id === null) return h('strong', { class: 'is-user-text' }, name);
    return h(
      'button',
      { type: 'button', class: 'link is-user-text', onclick: () => this.host.reveal(id) },
      name,
    );
  }
}

function requestTip({ request_id: requestId }: AuditEntry): string | null {
  return requestId === null ? null : `Request ${requestId}`;
}
