/** What NVIDIA's driver is, and up to which CUDA it serves programs. */
export interface Driver {
  version: string | null;
  cuda: string | null;
}

/** Reads the head of the table that `nvidia-smi` prints; newer drivers tell the two kinds of CUDA version apart. */
export function readDriver(output: string): Driver {
  return {
    version: /Driver Version:\s*([\d.]{1,20})/.exec(output)?.[1] ?? null,
    cuda: /CUDA (?:UMD )?Version:\s*([\d.]{1,20})/.exec(output)?.[1] ?? null,
  };
}

/** Whether a driver that serves one CUDA version runs what was built for another (within a major version all do). */
export function isTooNewFor(built: string, served: string): boolean {
  return majorOf(built) > majorOf(served);
}

function majorOf(version: string): number {
  return Number(version.split('.')[0]) || 0;
}
