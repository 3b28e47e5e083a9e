import type { Blueprint } from '../../../src/contracts/blueprint.js';
import type { Capability, Gpu } from '../../../src/contracts/system.js';
import { formatBytes } from '../base/format.js';
import { missingForDesktops } from './desktop-parts.js';
import { parseGpuIds } from './gpu.js';

/** What this machine has, as far as it is known. */
export interface Machine {
  gpus: readonly Gpu[];
  /** null: not known. */
  diskFreeBytes: number | null;
  capabilities: readonly Capability[];
  /** Version of conda; null: not there; undefined: not known. */
  conda?: string | null;
}

/** A card sold as one of 24 GB tells of a little less. */
const SHARE_OF_LABEL = 0.95;
const GIGABYTE = 2 ** 30;
const SLOW = 'on the CPU it is slow, if it runs at all';

/** What of a blueprint's needs this machine has not, in sentences; found before anything is downloaded. */
export function lacksOf(blueprint: Blueprint, machine: Machine, gpuIds: string | null): string[] {
  return [
    memoryLack(blueprint, machine.gpus, gpuIds),
    diskLack(blueprint, machine.diskFreeBytes),
    ...desktopLacks(blueprint, machine.capabilities),
    ...programLacks(blueprint, machine),
  ].filter((sentence) => sentence !== null);
}

/** The same, and what is there but not free now. */
export function needWarnings(blueprint: Blueprint, machine: Machine, gpuIds: string | null): string[] {
  const lacks = lacksOf(blueprint, machine, gpuIds);
  const note = lacks.length > 0 ? null : occupiedNote(blueprint, givenGpus(machine.gpus, gpuIds));
  return note === null ? lacks : [...lacks, note];
}

function givenGpus(gpus: readonly Gpu[], gpuIds: string | null): Gpu[] {
  const choice = parseGpuIds(gpuIds);
  return gpus.filter(({ index, is_selectable: isSelectable }) => {
    return isSelectable && (choice.kind !== 'chosen' || choice.indices.includes(index));
  });
}

function memoryLack(
  { vram_bytes: wanted }: Blueprint,
  gpus: readonly Gpu[],
  gpuIds: string | null,
): string | null {
  if (wanted === null) return null;
  const wish = `It wants a GPU with ${roundBytes(wanted)}`;
  if (gpus.length === 0) return `${wish}; this machine has none, and ${SLOW}.`;
  if (gpuIds === '') return `${wish}, and none is chosen; ${SLOW}.`;
  const best = givenGpus(gpus, gpuIds).sort((a, b) => b.memory_total_bytes - a.memory_total_bytes)[0];
  // A driver that does not tell how much there is has a total of 0.
  const total = best?.memory_total_bytes ?? 0;
  if (total === 0 || total >= wanted * SHARE_OF_LABEL) return null;
  const whose = gpuIds === null ? 'the largest here' : `GPU ${String(best?.index)}`;
  return `${wish}; ${whose} has ${roundBytes(total)}.`;
}

/** Enough memory, but somebody else's now. */
function occupiedNote({ vram_bytes: wanted }: Blueprint, given: readonly Gpu[]): string | null {
  const told = given.filter((gpu) => gpu.memory_total_bytes > 0 && gpu.memory_used_bytes !== null);
  if (wanted === null || told.length === 0) return null;
  const most = Math.max(...told.map((gpu) => gpu.memory_total_bytes - (gpu.memory_used_bytes ?? 0)));
  if (most >= wanted * SHARE_OF_LABEL) return null;
  // Whole ones: the figure changes all the time, and is read out.
  const free = Math.floor(Math.max(0, most) / GIGABYTE);
  return `It wants ${roundBytes(wanted)} of GPU memory, of which ${free < 1 ? 'less than 1' : String(free)} GB are free now.`;
}

function diskLack({ disk_bytes: wanted }: Blueprint, freeBytes: number | null): string | null {
  if (wanted === null || freeBytes === null || freeBytes >= wanted) return null;
  return `It takes about ${roundBytes(wanted)} of the disk, without models; ${roundBytes(freeBytes)} are free.`;
}

function desktopLacks({ desktop }: Blueprint, capabilities: readonly Capability[]): string[] {
  return desktop ? missingForDesktops(capabilities).map((sentence) => `It needs a desktop. ${sentence}`) : [];
}

function programLacks(blueprint: Blueprint, { capabilities, conda }: Machine): string[] {
  const { venv_type: venv, repository, package: installed } = blueprint;
  const absence = (name: string): string[] =>
    capabilities.filter((part) => part.name === name && !part.present).map(({ detail }) => detail);
  const hasUv = capabilities.some(({ name, present }) => name === 'uv' && present);
  return [
    ...(repository !== null && installed === null ? absence('git') : []),
    ...(venv === 'python' && !hasUv ? absence('Python') : []),
    ...(venv === 'conda' && conda === null
      ? ['It installs itself into a conda environment; this machine has no conda.']
      : []),
  ];
}

/** `24 GB`: round figures of labels have no decimals. */
export function roundBytes(bytes: number): string {
  return formatBytes(bytes).replace(/\.0(?= )/, '');
}

/** What a blueprint needs, in a few words each, for a list. */
export function needWords({ vram_bytes: vram, disk_bytes: disk, desktop }: Blueprint): string[] {
  return [
    ...(vram === null ? [] : [`${roundBytes(vram)} VRAM`]),
    ...(disk === null ? [] : [`${roundBytes(disk)} disk`]),
    ...(desktop ? ['desktop'] : []),
  ];
}
