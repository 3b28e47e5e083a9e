import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Gpu } from '../../contracts/system.js';

const run = promisify(execFile);

const FIELDS = [
  'index',
  'uuid',
  'name',
  'memory.total',
  'memory.used',
  'utilization.gpu',
  'temperature.gpu',
  'power.draw',
];
const MIB = 1024 * 1024;
/** A driver that hangs must not hang AiKore. */
const TIMEOUT_MS = 5000;

/**
 * Asks the NVIDIA driver for its GPUs, in PCI bus order.
 * @returns an empty list when there is no driver or no card
 */
export async function queryNvidiaGpus(): Promise<Gpu[]> {
  try {
    const { stdout } = await run(
      'nvidia-smi',
      [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'],
      {
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
      },
    );
    return parseNvidiaSmi(stdout);
  } catch {
    return [];
  }
}

/**
 * Reads `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`. Memory is in MiB there; what a card cannot tell is
 * `[N/A]` or `[Not Supported]`. Lines of another form are passed over.
 */
export function parseNvidiaSmi(text: string): Gpu[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === FIELDS.length && /^\d+$/.test(fields[0] ?? ''))
    .map(([index, uuid, name, total, used, load, celsius, watts]) => ({
      index: Number(index),
      uuid: uuid ?? '',
      name: name ?? '',
      memory_total_bytes: (measure(total) ?? 0) * MIB,
      memory_used_bytes: (measure(used) ?? 0) * MIB,
      utilization_percent: measure(load),
      temperature_celsius: measure(celsius),
      power_watts: measure(watts),
    }));
}

function measure(field: string | undefined): number | null {
  const number = Number.parseFloat(field ?? '');
  return Number.isFinite(number) ? number : null;
}
