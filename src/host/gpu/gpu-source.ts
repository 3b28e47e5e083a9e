import type { Gpu } from '../../contracts/system.js';

/** Memory of a card that one process holds. */
export interface GpuProcess {
  pid: number;
  /** null: the driver does not tell, such as inside WSL. */
  memoryBytes: number | null;
}

/** What one vendor's driver told. */
export interface GpuReading {
  /** Indexes count from 0 for each vendor. */
  gpus: Gpu[];
  /** Who holds memory of these cards, empty when that was not asked; null when it cannot be told. */
  processes: GpuProcess[] | null;
}

/** One vendor's cards. */
export interface GpuSource {
  /**
   * Asks for the cards. Never rejects: a card that was seen once and does not answer stays, with a `problem`.
   * @param wantsProcesses false spares the second question
   */
  read(wantsProcesses: boolean): Promise<GpuReading>;
  /** Ends what is still being asked. */
  close(): void;
}

/** The card as it is shown while nothing is known of it. */
export function withoutFigures(gpu: Gpu, problem: string): Gpu {
  return {
    ...gpu,
    problem,
    memory_used_bytes: null,
    utilization_percent: null,
    temperature_celsius: null,
    power_watts: null,
  };
}
