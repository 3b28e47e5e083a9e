import type { Gpu } from '../../contracts/system.js';
import type { GpuProcess } from './gpu-source.js';

/** The name comes last: whatever it holds, commas included, the fields before it can be counted. */
const CARD_FIELDS = [
  'index',
  'uuid',
  'memory.total',
  'memory.used',
  'utilization.gpu',
  'temperature.gpu',
  'power.draw',
];
const MIG_FIELD = 'mig.mode.current';
const FORMAT = '--format=csv,noheader,nounits';
const MIB = 1024 * 1024;
const MAX_NAME_LENGTH = 120;

/** Arguments that ask for every card. @param knowsMig false for drivers before 450, which refuse a field they lack */
export function cardArguments(knowsMig: boolean): string[] {
  const fields = [...CARD_FIELDS, ...(knowsMig ? [MIG_FIELD] : []), 'name'];
  return [`--query-gpu=${fields.join(',')}`, FORMAT];
}

/** Arguments that ask who computes on the cards. */
export const PROCESS_ARGUMENTS: readonly string[] = ['--query-compute-apps=pid,gpu_uuid,used_memory', FORMAT];

/** Whether the driver refused the question for a field that it does not know. */
export function isUnknownField(stdout: string): boolean {
  return stdout.includes('not a valid field');
}

/**
 * Reads the answer to `cardArguments`. Memory is in MiB; what a card cannot tell is `[N/A]`, `[Not Supported]`,
 * `[Insufficient Permissions]` (a container that was given a MIG device) or `[GPU requires reset]`. Lines of another
 * form, such as warnings, are passed over.
 */
export function parseCards(text: string, knowsMig: boolean): Gpu[] {
  const count = CARD_FIELDS.length + (knowsMig ? 1 : 0);
  return text.split('\n').flatMap((line) => {
    const fields = line.split(',').map((field) => field.trim());
    const [index = '', uuid = '', total, used, load, celsius, watts] = fields;
    if (fields.length <= count || !/^\d{1,4}$/.test(index) || !/^GPU-[\w-]+$/.test(uuid)) return [];
    return [
      {
        index: Number(index),
        vendor: 'nvidia' as const,
        uuid,
        name: fields.slice(count).join(', ').slice(0, MAX_NAME_LENGTH),
        is_selectable: true,
        is_mig: knowsMig && fields[CARD_FIELDS.length] === 'Enabled',
        problem: null,
        memory_total_bytes: (measure(total) ?? 0) * MIB,
        memory_used_bytes: inBytes(measure(used)),
        utilization_percent: measure(load),
        temperature_celsius: measure(celsius),
        power_watts: measure(watts),
      },
    ];
  });
}

/**
 * Reads the answer to `PROCESS_ARGUMENTS`: a line for each process and card that it computes on. A process that has ended
 * meanwhile is `[Not Found]` there and passed over.
 */
export function parseProcesses(text: string): GpuProcess[] {
  return text.split('\n').flatMap((line) => {
    const [pid = '', uuid = '', used] = line.split(',').map((field) => field.trim());
    if (!/^\d{1,10}$/.test(pid) || !/^(GPU|MIG)-/.test(uuid)) return [];
    return [{ pid: Number(pid), memoryBytes: inBytes(measure(used)) }];
  });
}

function inBytes(mebibytes: number | null): number | null {
  return mebibytes === null ? null : mebibytes * MIB;
}

/** A number that is nothing but a number; NVML's "not available" shows in some drivers as 2^64-1. */
function measure(field: string | undefined): number | null {
  if (field === undefined || !/^\d+(\.\d+)?$/.test(field)) return null;
  const number = Number(field);
  return number < 1e12 ? number : null;
}
