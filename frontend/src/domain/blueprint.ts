import type { Blueprint } from '../../../src/contracts/blueprint.js';

/** `ComfyUI` for `ComfyUI.sh`: what a blueprint is called when only its file name is known. */
export function blueprintLabel(filename: string): string {
  return filename.replace(/\.sh$/, '');
}

/** What the blueprint is called in lists. */
export function blueprintName(blueprint: Blueprint): string {
  return blueprint.name === '' ? blueprintLabel(blueprint.filename) : blueprint.name;
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
