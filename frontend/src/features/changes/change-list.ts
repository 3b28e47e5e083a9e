import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { isConflict, wantsRestart } from '../../domain/pending.js';
import type { PendingField, PendingRow } from '../../domain/pending.js';
import { SETTING_LABELS, describeSetting } from '../../domain/settings.js';
import type { SettingKey } from '../../domain/settings.js';
import { button } from '../../ui/button.js';

export interface ChangeListHost {
  resolve(id: number, key: SettingKey, winner: 'mine' | 'theirs'): void;
  discard(id: number, key: SettingKey): void;
}

/** All changes of one instance, each with what is stored and what would be. */
export function changeGroup(instance: Instance, row: PendingRow, host: ChangeListHost): HTMLElement {
  const note = wantsRestart(instance, row)
    ? h('span', { class: 'tag', 'data-testid': 'change-restart' }, 'counts after a restart')
    : null;
  return h(
    'section',
    { class: 'change-group', 'data-testid': 'change-group', 'data-name': instance.name },
    h('h3', null, h('span', null, instance.name), note),
    ...[...row].map(([key, field]) => changeLine(instance, key, field, host)),
  );
}

function changeLine(
  instance: Instance,
  key: SettingKey,
  field: PendingField,
  host: ChangeListHost,
): HTMLElement {
  const label = SETTING_LABELS[key];
  const hasConflict = isConflict(field);
  return h(
    'div',
    { class: `change${hasConflict ? ' is-conflict' : ''}`, 'data-testid': 'change', 'data-field': key },
    h('span', { class: 'change-label' }, label),
    hasConflict ? choice(instance, key, field, host) : values(key, field),
    button({
      label: `Take back the change of ${label}`,
      icon: 'undo',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'change-discard',
      onClick: () => host.discard(instance.id, key),
    }),
    field.problem === null
      ? null
      : h('p', { class: 'field-problem', role: 'alert', 'data-testid': 'change-problem' }, field.problem),
  );
}

function values(key: SettingKey, { theirs, mine }: PendingField): HTMLElement {
  return h(
    'span',
    { class: 'change-values' },
    h('del', null, describeSetting(key, theirs)),
    h('span', { 'aria-hidden': 'true' }, '→'),
    h('ins', null, describeSetting(key, mine)),
  );
}

/** Nothing is chosen beforehand: whoever saves has seen both. */
function choice(instance: Instance, key: SettingKey, field: PendingField, host: ChangeListHost): HTMLElement {
  const option = (winner: 'mine' | 'theirs', label: string) =>
    button({
      label: `${label}: ${describeSetting(key, field[winner])}`,
      testId: `change-${winner}`,
      onClick: () => host.resolve(instance.id, key, winner),
    });
  return h(
    'div',
    { class: 'change-choice', role: 'group', 'aria-label': `${SETTING_LABELS[key]}: theirs or yours` },
    h('p', null, 'Somebody else changed it meanwhile. Which one is to stay?'),
    option('theirs', 'Theirs'),
    option('mine', 'Yours'),
  );
}
