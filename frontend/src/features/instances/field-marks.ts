import { setAttribute } from '../../base/dom.js';
import { isConflict } from '../../domain/pending.js';
import type { PendingField, PendingRow } from '../../domain/pending.js';
import { SETTING_LABELS, describeSetting } from '../../domain/settings.js';
import type { SettingKey, SettingValue } from '../../domain/settings.js';

/** Marks an element whose value was changed and not saved, and says what was there, or what somebody else put there. */
export function markField(
  element: HTMLElement,
  key: SettingKey,
  pending: PendingRow | undefined,
  usualTip: string | null = null,
): void {
  const field = pending?.get(key);
  element.classList.toggle('is-changed', field !== undefined);
  element.classList.toggle('is-conflict', field !== undefined && isConflict(field));
  element.classList.toggle('is-refused', (field?.problem ?? null) !== null);
  setAttribute(element, 'data-tip', field ? changeSentence(key, field) : usualTip);
}

/** `Port: 18001 → 18002`, and what stands in its way. */
function changeSentence(key: SettingKey, field: PendingField): string {
  const words = (value: SettingValue) => describeSetting(key, value);
  const change = `${SETTING_LABELS[key]}: ${words(field.theirs)} → ${words(field.mine)} (not saved)`;
  if (field.problem !== null) return `${change}. ${field.problem}`;
  if (!isConflict(field)) return change;
  return (
    `${SETTING_LABELS[key]} was changed by somebody else meanwhile: theirs is ${words(field.theirs)}, ` +
    `yours ${words(field.mine)}. Save changes lets you decide.`
  );
}

export function describeChanges(row: PendingRow): string {
  return [...row].map(([key, field]) => changeSentence(key, field)).join('\n');
}
