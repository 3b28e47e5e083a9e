import { readFileSync } from 'node:fs';

/** What the kernel counts in, which differs between architectures. */
export interface KernelUnits {
  pageSizeBytes: number;
  ticksPerSecond: number;
}

/** Entries of the auxiliary vector, getauxval(3). */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;
const ENTRY_BYTES = 16;
/** x86-64's, and nearly everybody's. */
const USUAL: KernelUnits = { pageSizeBytes: 4096, ticksPerSecond: 100 };

let cached: KernelUnits | undefined;

/** Page size (64 KiB on some arm64 kernels) and clock ticks of this machine, from what the kernel gave this process. */
export function kernelUnits(): KernelUnits {
  cached ??= readUnits();
  return cached;
}

function readUnits(): KernelUnits {
  try {
    return parseAuxiliaryVector(readFileSync('/proc/self/auxv'));
  } catch {
    return USUAL;
  }
}

/** Reads pairs of little-endian 64-bit numbers; what is not in them is taken to be usual. */
export function parseAuxiliaryVector(vector: Buffer): KernelUnits {
  const values = new Map<bigint, number>();
  for (let at = 0; at + ENTRY_BYTES <= vector.length; at += ENTRY_BYTES) {
    values.set(vector.readBigUInt64LE(at), Number(vector.readBigUInt64LE(at + 8)));
  }
  return {
    pageSizeBytes: values.get(AT_PAGESZ) ?? USUAL.pageSizeBytes,
    ticksPerSecond: values.get(AT_CLKTCK) ?? USUAL.ticksPerSecond,
  };
}
