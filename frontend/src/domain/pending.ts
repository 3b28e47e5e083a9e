import type { Instance, InstanceUpdate } from '../../../src/contracts/instance.js';
import { SETTING_KEYS, isSameSetting, needsRestart } from './settings.js';
import type { SettingKey, SettingValue } from './settings.js';
import { isActive } from './status.js';

/** A value that was changed here and is not stored yet. */
export interface PendingField {
  /** What was stored when the change was made: what whoever made it had before their eyes. */
  base: SettingValue;
  mine: SettingValue;
  /** What is stored now. */
  theirs: SettingValue;
  /** Why the server refused it. */
  problem: string | null;
}

export type PendingRow = ReadonlyMap<SettingKey, PendingField>;
/** By the instance's id. No row is empty. */
export type Pending = ReadonlyMap<number, PendingRow>;

/** Somebody stored another value after this one was changed here, and it is not the same. */
export function isConflict({ base, mine, theirs }: PendingField): boolean {
  return !isSameSetting(theirs, base) && !isSameSetting(theirs, mine);
}

export function conflictsOf(row: PendingRow): SettingKey[] {
  return [...row].filter(([, field]) => isConflict(field)).map(([key]) => key);
}

/** Notes a change; one that leads back to what is stored is none. */
export function propose(pending: Pending, instance: Instance, key: SettingKey, mine: SettingValue): Pending {
  const row = new Map(pending.get(instance.id) ?? []);
  const theirs = instance[key];
  if (isSameSetting(theirs, mine)) row.delete(key);
  else row.set(key, { base: row.get(key)?.base ?? theirs, mine, theirs, problem: null });
  return withRow(pending, instance.id, row);
}

/** Notes everything that a form holds. A setting of which it says nothing is left as it is stored, whatever was changed before. */
export function proposeAll(pending: Pending, instance: Instance, values: InstanceUpdate): Pending {
  return SETTING_KEYS.reduce((next, key) => {
    const mine = values[key];
    return mine === undefined ? drop(next, instance.id, key) : propose(next, instance, key, mine);
  }, pending);
}

/** Takes in what is stored now. A change that somebody else made alike is none any more. */
export function rebase(pending: Pending, instance: Instance): Pending {
  const present = pending.get(instance.id);
  if (!present) return pending;
  const row = new Map<SettingKey, PendingField>();
  for (const [key, field] of present) {
    const theirs = instance[key];
    if (!isSameSetting(theirs, field.mine)) row.set(key, { ...field, theirs });
  }
  return withRow(pending, instance.id, row);
}

/** Decides a conflict: `mine` is kept and will replace theirs knowingly, or the change is dropped. */
export function resolve(pending: Pending, id: number, key: SettingKey, winner: 'mine' | 'theirs'): Pending {
  const row = new Map(pending.get(id) ?? []);
  const field = row.get(key);
  if (!field) return pending;
  if (winner === 'theirs') row.delete(key);
  else row.set(key, { ...field, base: field.theirs });
  return withRow(pending, id, row);
}

/** Forgets what was sent, unless it was changed again while it was on its way. */
export function settle(pending: Pending, saved: Instance, sent: PendingRow): Pending {
  const row = new Map(pending.get(saved.id) ?? []);
  for (const [key, { mine }] of sent) {
    const field = row.get(key);
    const stored = saved[key];
    if (!field) continue;
    // A port that AiKore was to choose is stored as a number.
    if (isSameSetting(field.mine, mine)) row.delete(key);
    else row.set(key, { ...field, base: stored, theirs: stored });
  }
  return withRow(pending, saved.id, row);
}

/** Puts the server's sentences beside the changes they are about; answers those that belong to none. */
export function refuse(
  pending: Pending,
  id: number,
  problems: ReadonlyMap<string, string>,
): { pending: Pending; others: string[] } {
  const row = new Map(pending.get(id) ?? []);
  const others: string[] = [];
  for (const [name, problem] of problems) {
    const key = SETTING_KEYS.find((candidate) => candidate === name.split('.')[0]);
    const field = key && row.get(key);
    if (key && field) row.set(key, { ...field, problem });
    else others.push(problem);
  }
  return { pending: withRow(pending, id, row), others };
}

export function drop(pending: Pending, id: number, key: SettingKey | null = null): Pending {
  const row = new Map(key === null ? [] : (pending.get(id) ?? []));
  if (key !== null) row.delete(key);
  return withRow(pending, id, row);
}

export function countChanges(pending: Pending): number {
  let count = 0;
  for (const row of pending.values()) count += row.size;
  return count;
}

/** The body of a PATCH. */
export function bodyOf(row: PendingRow): InstanceUpdate {
  return Object.fromEntries([...row].map(([key, { mine }]) => [key, mine]));
}

/** The instance as it would be. */
export function withChanges(instance: Instance, row: PendingRow | undefined): Instance {
  return row ? ({ ...instance, ...bodyOf(row) } as Instance) : instance;
}

/** Whether storing a row's changes leaves a running instance with something that counts after its next start only. */
export function wantsRestart(instance: Instance, row: PendingRow): boolean {
  return isActive(instance.status) && [...row.keys()].some(needsRestart);
}

function withRow(pending: Pending, id: number, row: PendingRow): Pending {
  const next = new Map(pending);
  if (row.size > 0) next.set(id, row);
  else next.delete(id);
  return next;
}
