import type { Instance, Run } from '../../../../../src/contracts/instance.js';
import type { KeptLog } from '../../../../../src/contracts/logs.js';
import { formatBytes } from '../../../base/format.js';
import { isActive } from '../../../domain/status.js';
import { openMenu } from '../../../ui/menu.js';
import { runName, runStory } from './run-words.js';

export interface RunMenuHost {
  runs(): Promise<Run[]>;
  keptLogs(): Promise<KeptLog[]>;
  choose(run: number): void;
}

/** Lists the runs whose log is kept; the one that is shown is marked. @throws ApiError */
export async function openRunMenu(
  anchor: HTMLElement,
  instance: Instance,
  shownRun: number,
  host: RunMenuHost,
): Promise<void> {
  const [kept, runs] = await Promise.all([host.keptLogs(), host.runs()]);
  const stories = new Map(runs.map((run) => [run.run, run]));
  const nowMs = Date.now();
  const items = kept.map(({ run, size, first_offset }) => {
    const isNow = run === instance.run && isActive(instance.status);
    return {
      label: runName(run, instance.run, isNow),
      note: `${runStory(stories.get(run) ?? null, isNow, nowMs)} · ${formatBytes(size - first_offset)}`,
      isChecked: run === shownRun,
      testId: `log-run-${String(run)}`,
      run: () => host.choose(run),
    };
  });
  if (anchor.isConnected) openMenu(anchor, 'Runs', items);
}
