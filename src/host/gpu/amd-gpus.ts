import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Gpu } from '../../contracts/system.js';
import { withoutFigures } from './gpu-source.js';
import type { GpuProcess, GpuReading, GpuSource } from './gpu-source.js';
import { pciDeviceName } from './pci-names.js';

/** Where the kernel tells of devices; elsewhere in tests. */
export interface SysfsPlaces {
  sys: string;
  pciIds: readonly string[];
}

const USUAL_PLACES: SysfsPlaces = {
  sys: '/sys',
  pciIds: ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'],
};
const AMD_VENDOR = '0x1002';

/**
 * AMD's cards, as the amdgpu driver tells of them in sysfs (docs.kernel.org, "amdgpu: misc information"), in PCI bus
 * order. Reads go one after the other, so that a card that hangs keeps one thread at most.
 */
export class AmdGpus implements GpuSource {
  private readonly names = new Map<string, string>();
  private known: Gpu[] = [];

  constructor(private readonly places: SysfsPlaces = USUAL_PLACES) {}

  async read(wantsProcesses: boolean): Promise<GpuReading> {
    const found: { slot: string; gpu: Gpu }[] = [];
    for (const card of await this.cards()) found.push(await this.describe(card));
    found.sort((a, b) => (a.slot < b.slot ? -1 : 1));
    const present = found.map(({ gpu }, index) => ({ ...gpu, index }));
    const lost = this.known.filter((gpu) => !present.some(({ uuid }) => uuid === gpu.uuid));
    this.known = [...present, ...lost.map((gpu) => withoutFigures(gpu, 'The amdgpu driver lost it.'))].map(
      (gpu, index) => ({ ...gpu, index }),
    );
    const processes = wantsProcesses && this.known.length > 0 ? await this.processes() : [];
    return { gpus: this.known, processes };
  }

  close(): void {
    // A read of sysfs cannot be taken back.
  }

  /** Folders of devices that have memory of their own to tell of; connectors (`card0-DP-1`) are passed over. */
  private async cards(): Promise<string[]> {
    const folder = join(this.places.sys, 'class/drm');
    const devices: string[] = [];
    for (const entry of await list(folder)) {
      if (!/^card\d+$/.test(entry)) continue;
      const device = join(folder, entry, 'device');
      const isAmd = (await text(join(device, 'vendor'))) === AMD_VENDOR;
      if (isAmd && (await number(join(device, 'mem_info_vram_total'))) !== null) devices.push(device);
    }
    return devices;
  }

  private async describe(device: string): Promise<{ slot: string; gpu: Gpu }> {
    const slot = basename(await readlink(device).catch(() => device));
    const [temperature, power] = await sensors(join(device, 'hwmon'));
    const gpu: Gpu = {
      index: 0,
      vendor: 'amd',
      uuid: (await text(join(device, 'unique_id'))) ?? slot,
      name: await this.nameOf(device),
      is_selectable: true,
      is_mig: false,
      problem: null,
      memory_total_bytes: (await number(join(device, 'mem_info_vram_total'))) ?? 0,
      memory_used_bytes: await number(join(device, 'mem_info_vram_used')),
      utilization_percent: await number(join(device, 'gpu_busy_percent')),
      temperature_celsius: temperature === null ? null : temperature / 1000,
      power_watts: power === null ? null : power / 1e6,
    };
    return { slot, gpu };
  }

  private async nameOf(device: string): Promise<string> {
    const id = (await text(join(device, 'device'))) ?? '';
    const known = this.names.get(device);
    if (known !== undefined) return known;
    const name =
      (await text(join(device, 'product_name'))) ??
      (await pciDeviceName(this.places.pciIds, AMD_VENDOR, id)) ??
      `AMD GPU ${id}`.trim();
    this.names.set(device, name);
    return name;
  }

  /** Who holds memory through ROCm; programs that draw (Vulkan, OpenGL) are not listed there. */
  private async processes(): Promise<GpuProcess[] | null> {
    const folder = join(this.places.sys, 'class/kfd/kfd/proc');
    const found: GpuProcess[] = [];
    for (const pid of await list(folder)) {
      if (!/^\d+$/.test(pid)) continue;
      const files = (await list(join(folder, pid))).filter((file) => /^vram_\d+$/.test(file));
      for (const file of files) {
        found.push({ pid: Number(pid), memoryBytes: await number(join(folder, pid, file)) });
      }
    }
    return found;
  }
}

/** Millidegrees and microwatts of the first sensor chip; newer kernels call the power `input`, older ones `average`. */
async function sensors(folder: string): Promise<[number | null, number | null]> {
  const [chip] = await list(folder);
  if (chip === undefined) return [null, null];
  const power =
    (await number(join(folder, chip, 'power1_average'))) ??
    (await number(join(folder, chip, 'power1_input')));
  return [await number(join(folder, chip, 'temp1_input')), power];
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** null where there is no such file, nothing in it, or the card refuses (EBUSY while it sleeps). */
async function text(path: string): Promise<string | null> {
  const content = await readFile(path, 'utf8').catch(() => '');
  return content.trim() === '' ? null : content.trim();
}

async function number(path: string): Promise<number | null> {
  const content = await text(path);
  return content !== null && /^\d+$/.test(content) ? Number(content) : null;
}
