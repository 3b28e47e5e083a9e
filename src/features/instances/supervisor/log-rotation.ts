import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../../../core/errors.js';
import { exists } from '../../../host/files/exists.js';
import type { InstancePaths } from '../instance-paths.js';

/** Logs of so many earlier runs are kept. */
const KEPT_LOGS = 10;

/** `output.log` is the current run's; the one before moves to `logs/<run>.log`. */
export class LogRotation {
  constructor(private readonly paths: InstancePaths) {}

  /** @param lastRun number of the run that wrote the present log; 0 for a log from before this AiKore's first run */
  async rotate(name: string, lastRun: number): Promise<void> {
    if (lastRun === 0 && !(await exists(this.paths.log(name)))) return;
    if (!(await this.hasFolder(name))) {
      // Something of the application's lies where the folder should be: its start matters more than an old log.
      await rm(this.paths.log(name), { force: true });
      await rm(this.paths.logTimes(name), { force: true });
      return;
    }
    await this.move(this.paths.log(name), this.paths.oldLog(name, lastRun));
    await this.move(this.paths.logTimes(name), `${this.paths.oldLog(name, lastRun)}.times`);
  }

  private async hasFolder(name: string): Promise<boolean> {
    return mkdir(this.paths.oldLogs(name), { recursive: true }).then(
      () => true,
      (error: unknown) => {
        if (systemCodeOf(error) === 'EEXIST' || systemCodeOf(error) === 'ENOTDIR') return false;
        throw error;
      },
    );
  }

  private async move(from: string, to: string): Promise<void> {
    try {
      await rename(from, to);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
    }
  }

  /** Removes the oldest logs. An application may keep logs of its own in a folder of that name: only numbers that are runs' count. */
  async prune(name: string, lastRun: number): Promise<void> {
    const folder = this.paths.oldLogs(name);
    const runs = (await readdir(folder).catch(() => []))
      .map((file) => /^([1-9]\d*)\.log$/.exec(file)?.[1])
      .filter((run) => run !== undefined)
      .map(Number)
      .filter((run) => run <= lastRun)
      .sort((a, b) => b - a);
    for (const run of runs.slice(KEPT_LOGS)) {
      await rm(join(folder, `${run}.log`), { recursive: true, force: true });
      await rm(join(folder, `${run}.log.times`), { recursive: true, force: true });
    }
  }
}
