import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AmdGpus } from './amd-gpus.js';

let sys: string;

beforeEach(() => {
  sys = mkdtempSync(join(tmpdir(), 'aikore-sysfs-'));
  write(
    'pci.ids',
    '1001  Somebody\n\t744c  Wrong\n1002  AMD\n\t744b  Other\n\t744c  Navi 31 [Radeon RX 7900 XTX]\n',
  );
});
afterEach(() => rmSync(sys, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(sys, path)), { recursive: true });
  writeFileSync(join(sys, path), content);
}

/** A card as the kernel shows it: its files are the PCI device's, to which `device` is a link. */
function plug(card: string, slot: string, files: Record<string, string>): void {
  for (const [file, content] of Object.entries(files)) write(`devices/${slot}/${file}`, `${content}\n`);
  mkdirSync(join(sys, 'class/drm', card), { recursive: true });
  symlinkSync(`../../../devices/${slot}`, join(sys, 'class/drm', card, 'device'));
}

const RADEON = {
  vendor: '0x1002',
  device: '0x744c',
  mem_info_vram_total: '25753026560',
  mem_info_vram_used: '1073741824',
  gpu_busy_percent: '12',
  'hwmon/hwmon4/temp1_input': '46000',
  'hwmon/hwmon4/power1_average': '17000000',
};
const amd = () => new AmdGpus({ sys, pciIds: [join(sys, 'none'), join(sys, 'pci.ids')] });

describe("AMD's cards", () => {
  it('are none on a machine without one', async () => {
    plug('card0', '0000:00:02.0', { vendor: '0x8086', mem_info_vram_total: '1' });
    // A card that only draws, with a driver that tells of no memory.
    plug('card1', '0000:00:03.0', { vendor: '0x1002' });
    await expect(amd().read(true)).resolves.toEqual({ gpus: [], processes: [] });
  });

  it('are read in the order of the PCI bus, whatever the kernel numbers them', async () => {
    plug('card0', '0000:c4:00.0', { ...RADEON, product_name: 'AMD Instinct MI210' });
    plug('card1', '0000:03:00.0', RADEON);
    mkdirSync(join(sys, 'class/drm/card1-DP-1'));
    const { gpus } = await amd().read(false);
    expect(gpus).toEqual([
      {
        index: 0,
        vendor: 'amd',
        uuid: '0000:03:00.0',
        name: 'Navi 31 [Radeon RX 7900 XTX]',
        is_selectable: true,
        is_mig: false,
        problem: null,
        memory_total_bytes: 25753026560,
        memory_used_bytes: 1073741824,
        utilization_percent: 12,
        temperature_celsius: 46,
        power_watts: 17,
      },
      expect.objectContaining({ index: 1, uuid: '0000:c4:00.0', name: 'AMD Instinct MI210' }),
    ]);
  });

  it('have null for what they do not tell', async () => {
    const { gpu_busy_percent: _, ...rest } = RADEON;
    plug('card0', '0000:03:00.0', { ...rest, device: '0xffff', mem_info_vram_used: 'garbage' });
    expect((await amd().read(false)).gpus[0]).toMatchObject({
      name: 'AMD GPU 0xffff',
      memory_used_bytes: null,
      utilization_percent: null,
    });
  });

  it('tell which processes hold memory through ROCm', async () => {
    plug('card0', '0000:03:00.0', RADEON);
    write('class/kfd/kfd/proc/4242/vram_51140', '5368709120\n');
    write('class/kfd/kfd/proc/4242/vram_51141', '1024\n');
    write('class/kfd/kfd/proc/4242/pasid', '32769\n');
    expect((await amd().read(true)).processes).toEqual([
      { pid: 4242, memoryBytes: 5368709120 },
      { pid: 4242, memoryBytes: 1024 },
    ]);
  });

  it('stay, without figures, when the driver loses one', async () => {
    plug('card0', '0000:03:00.0', RADEON);
    const source = amd();
    await source.read(false);
    rmSync(join(sys, 'class/drm/card0'), { recursive: true });
    expect((await source.read(false)).gpus).toMatchObject([{ index: 0, memory_used_bytes: null }]);
  });
});
