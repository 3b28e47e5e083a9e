import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BlueprintMetadata } from '../../../contracts/blueprint.js';
import { makeAppFolder } from '../../../host/files/app-folder.js';
import { writeFileAtomically } from '../../../host/files/atomic-write.js';
import { exists } from '../../../host/files/exists.js';
import { NotAFolder, openInnerFolder, withInnerFolder } from '../../../host/files/inner-folder.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import { releaseDisplay } from '../../../host/xserver/display-lock.js';
import { cleanDisplay } from '../../../host/xserver/display-probe.js';
import { makeAuthority } from '../../../host/xserver/x-authority.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';
import { desktopCommand, desktopEnvironment } from './desktop-order.js';
import type { DesktopLaunch, DesktopPrograms } from './desktop-order.js';

/** What stays after a run, for whoever asks why its desktop was as it was. */
const KEPT: ReadonlySet<string> = new Set(['display.log', 'display.log.old']);

export interface DesktopsParts {
  paths: InstancePaths;
  /** What desktops are made with, or the sentence that says why there are none. */
  programs: DesktopPrograms | { missing: string };
}

/** The desktops of this machine's instances: made ready for a run, and cleared away after it. */
export class Desktops {
  /** Instances that run without the desktop that they want, and why. */
  private readonly lacking = new Map<number, string>();

  constructor(private readonly parts: DesktopsParts) {}

  warningsOf(id: number): string[] {
    const note = this.lacking.get(id);
    return note === undefined ? [] : [note];
  }

  /** Why what runs now has no desktop, as a sentence; null when it has one, or nothing runs. */
  async absenceOf(row: InstanceEntity): Promise<string | null> {
    // Of a run that is being prepared nothing is known yet, and of one that ends nothing is left.
    if (row.pid === null || row.status === 'stopping') return null;
    if (await exists(this.parts.paths.xAuthority(row.id))) return null;
    return this.lacking.get(row.id) ?? 'It was started without its desktop. Restart it to have one.';
  }

  /**
   * Makes everything ready for a run with a desktop.
   * @returns null when the instance wants none; `note` says why it gets none
   */
  async prepare(
    row: InstanceEntity,
    port: number,
    definition: Pick<BlueprintMetadata, 'desktop' | 'proxy_mode'>,
  ): Promise<DesktopLaunch | { note: string } | null> {
    await this.clear(row);
    const { persistent_mode: isWanted, persistent_display: display } = row;
    if (!isWanted || display === null) {
      // It was wanted when the number was reserved, a moment ago.
      await this.abandon(row);
      return null;
    }
    const { paths, programs } = this.parts;
    if ('missing' in programs) {
      const note = `It was started without its desktop: ${programs.missing}`;
      this.lacking.set(row.id, note);
      return { note };
    }
    await this.layAuthority(row.id, display);
    return {
      command: desktopCommand(row, paths, programs, { display, port, definition }),
      env: desktopEnvironment(display, paths.xAuthority(row.id)),
    };
  }

  private async layAuthority(id: number, display: number): Promise<void> {
    const { paths } = this.parts;
    await makeAppFolder(paths.runDir(id), 0o700);
    const names = [basename(paths.displayDir(id))];
    const folder = await openInnerFolder(paths.runDir(id), names, { isMade: true, mode: 0o700 });
    if (folder === null) throw new Error('the folder of its desktop is gone');
    try {
      const file = join(folder.path, basename(paths.xAuthority(id)));
      await writeFileAtomically(file, makeAuthority(display), 0o600, { for: 'apps' });
    } finally {
      await folder.close();
    }
  }

  /** After a run, and for one that did not come about: its helper may not have taken over what was held for it. */
  async abandon(row: InstanceEntity): Promise<void> {
    try {
      await this.clear(row);
    } finally {
      if (row.persistent_display !== null) await releaseDisplay(row.persistent_display);
    }
  }

  /** A server that was killed leaves its sockets, and its helper the lock. Never anybody else's. */
  private async clear(row: InstanceEntity): Promise<void> {
    this.lacking.delete(row.id);
    const { paths } = this.parts;
    const [runDir, folder] = [paths.runDir(row.id), basename(paths.displayDir(row.id))];
    await withInnerFolder(runDir, [folder], undefined, async (opened) => {
      if (row.persistent_display !== null) await cleanDisplay(row.persistent_display);
      const leftovers = (await readdir(opened)).filter((name) => !KEPT.has(name));
      await Promise.all(leftovers.map((name) => removeTree(join(opened, name))));
    }).catch(async (error: unknown) => {
      if (!(error instanceof NotAFolder)) throw error;
      // Something of the application's that leads elsewhere.
      await withInnerFolder(runDir, [], undefined, (opened) => removeTree(join(opened, folder)));
    });
  }
}
