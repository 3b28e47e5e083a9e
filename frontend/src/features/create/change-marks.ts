import type { Instance } from '../../../../src/contracts/instance.js';
import { h, setText } from '../../base/dom.js';
import { SETTING_KEYS, describeSetting } from '../../domain/settings.js';
import type { SettingKey } from '../../domain/settings.js';
import { changedValues } from './changed-values.js';
import type { InstanceFields } from './instance-fields.js';

/** Marks the fields of a form that differ from what is stored, and says what that is. */
export class ChangeMarks {
  private readonly notes = new Map<SettingKey, HTMLElement>();

  constructor(
    private readonly instance: Instance,
    private readonly fields: InstanceFields,
  ) {}

  show(): void {
    const changed = changedValues(this.instance, this.fields.values());
    this.fields.env.mark();
    for (const key of SETTING_KEYS) if (key !== 'env') this.mark(key, changed[key] !== undefined);
  }

  private mark(key: SettingKey, isChanged: boolean): void {
    const root = this.fields.rootOf(key);
    root.classList.toggle('is-changed-field', isChanged);
    const note = this.notes.get(key);
    if (!isChanged) {
      note?.remove();
      this.notes.delete(key);
      return;
    }
    if (note) return;
    const stored = describeSetting(key, this.instance[key]).slice(0, 120);
    const made = h('p', { class: 'field-was', 'data-testid': `was-${key}` });
    setText(made, `Stored: ${stored}`);
    this.notes.set(key, made);
    root.append(made);
  }
}
