import type { Blueprint } from '../../../src/contracts/blueprint.js';
import type { InstanceCreate } from '../../../src/contracts/instance.js';
import { fuzzyFilter } from '../base/fuzzy.js';

/** `ComfyUI` for `ComfyUI.sh`: what a blueprint is called when only its file name is known. */
export function blueprintLabel(filename: string): string {
  return filename.replace(/\.sh$/, '');
}

/** What the blueprint is called in lists. */
export function blueprintName(blueprint: Blueprint): string {
  return blueprint.name === '' ? blueprintLabel(blueprint.filename) : blueprint.name;
}

/** What a blueprint asks of an instance of it, where whoever creates one says nothing. */
export type BlueprintWishes = Required<Pick<InstanceCreate, 'access_mode' | 'persistent_mode'>>;

export function wishesOf({
  proxy_mode: mode,
  desktop,
}: Pick<Blueprint, 'proxy_mode' | 'desktop'>): BlueprintWishes {
  return { access_mode: mode === 'port' ? 'port' : 'path', persistent_mode: desktop };
}

/**
 * What a search finds, the best first: names by a few of their letters, then whatever else is said of a blueprint by whole pieces
 * of words. A long description has every letter somewhere.
 */
export function searchBlueprints(blueprints: readonly Blueprint[], query: string): Blueprint[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const byName = fuzzyFilter(blueprints, query, blueprintName);
  const byText = blueprints.filter((blueprint) => {
    const text = `${blueprintName(blueprint)} ${blueprint.category} ${blueprint.description} ${blueprint.filename}`;
    return words.every((word) => text.toLowerCase().includes(word));
  });
  return [...new Set([...byName, ...byText])];
}

export interface BlueprintGroup {
  title: string;
  blueprints: Blueprint[];
}

/** By category, the user's own first; those that do not say go last. */
export function groupBlueprints(blueprints: readonly Blueprint[]): BlueprintGroup[] {
  const groups = new Map<string, Blueprint[]>();
  for (const blueprint of blueprints) {
    const title = groupTitle(blueprint);
    groups.set(title, [...(groups.get(title) ?? []), blueprint]);
  }
  return [...groups].map(([title, members]) => ({ title, blueprints: members })).sort(byRank);
}

const CUSTOM = 'Your own';
const OTHER = 'Other';

function groupTitle(blueprint: Blueprint): string {
  if (blueprint.origin === 'custom') return CUSTOM;
  return blueprint.category === '' ? OTHER : blueprint.category;
}

function byRank(a: BlueprintGroup, b: BlueprintGroup): number {
  return rank(a) - rank(b) || a.title.localeCompare(b.title);
}

function rank(group: BlueprintGroup): number {
  if (group.title === CUSTOM) return 0;
  return group.title === OTHER ? 2 : 1;
}
