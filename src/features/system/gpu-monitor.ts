import type { Gpu } from '../../contracts/system.js';
import type { GpuProcess, GpuSource } from '../../host/gpu/gpu-source.js';
import { SourceWatch } from './source-watch.js';

/** Long enough for a healthy driver to answer, too short for a person to mind. */
const PATIENCE_MS = 300;

/** The GPUs of the machine, asked for no more often than is worth it, and never waited for when a driver hangs. */
export class GpuMonitor {
  private readonly watches: SourceWatch[];
  private shown = '';

  /**
   * @param sources NVIDIA's first: its indexes are what `CUDA_VISIBLE_DEVICES` means
   * @param onOthers is told when the machine has other cards than before
   */
  constructor(
    sources: readonly GpuSource[],
    private readonly onOthers: () => void = () => undefined,
    monotonicMs: () => number = () => performance.now(),
  ) {
    this.watches = sources.map((source) => new SourceWatch(source, monotonicMs, () => this.noteOthers()));
  }

  /** What was found last, at once. */
  get latest(): Gpu[] {
    const gpus: Gpu[] = [];
    let isMaskTaken = false;
    for (const watch of this.watches) {
      const offset = gpus.length === 0 ? 0 : Math.max(...gpus.map(({ index }) => index)) + 1;
      const own = watch.gpus;
      // The mask's numbers go to the first vendor that is there; CUDA does not know the others' cards.
      for (const gpu of own) gpus.push({ ...gpu, index: gpu.index + offset, is_selectable: !isMaskTaken });
      isMaskTaken ||= own.length > 0;
    }
    return gpus;
  }

  /** Who holds memory of any card; null when one driver cannot tell. */
  get latestProcesses(): GpuProcess[] | null {
    const lists = this.watches.map((watch) => watch.processes);
    return lists.some((list) => list === null) ? null : lists.flatMap((list) => list ?? []);
  }

  /** Asks where it is worth it. A driver that takes its time is not waited for: its answer is there the next time. */
  async read({ wantsProcesses = false }: { wantsProcesses?: boolean } = {}): Promise<Gpu[]> {
    await Promise.all(this.watches.map((watch) => watch.refresh(wantsProcesses, PATIENCE_MS)));
    return this.latest;
  }

  close(): void {
    for (const watch of this.watches) watch.close();
  }

  private noteOthers(): void {
    const now = this.latest.map(({ index, uuid }) => `${index} ${uuid}`).join();
    if (now === this.shown) return;
    this.shown = now;
    this.onOthers();
  }
}
