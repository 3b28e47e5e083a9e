import { randomUUID } from 'node:crypto';
import type { Deletion, TrashState } from '../../../contracts/trash.js';
import { describeBytes } from '../../../core/disk/disk-state.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import type { Logger } from '../../../core/logging.js';
import { Mutex } from '../../../core/mutex.js';
import { removeCounting, removeTree } from '../../../host/files/remove-tree.js';
import { measureTree } from '../../../host/files/walk-tree.js';

/** How often progress is told, and how long something has to take to be worth telling. */
const TELL_EVERY_MS = 500;
/** Counting must not hold up what makes room. */
const COUNT_AT_MOST_MS = 15_000;
/** Who deleted something of that length may have gone on to something else. */
const WORTH_A_NOTICE_MS = 10_000;

export interface DeletionsParts {
  hub: EventHub;
  logger: Logger;
}

/** Removes the bytes of what was deleted, one folder after the other, in the background, and tells how far it is. */
export class Deletions {
  private readonly turn = new Mutex();
  private readonly present = new Map<string, Deletion>();
  private revision = 1;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: DeletionsParts) {}

  get state(): TrashState {
    return { revision: this.revision, deletions: [...this.present.values()].map((each) => ({ ...each })) };
  }

  /** An entry has come or gone. */
  entriesChanged(): void {
    this.revision += 1;
    this.tell();
  }

  /**
   * Begins to remove a folder that nobody needs any more. Never fails; what cannot be removed is left to the next start.
   * @param knownBytes what is in it, when that is known
   */
  begin(folder: string, name: string, knownBytes: number | null): void {
    const deletion: Deletion = {
      id: randomUUID(),
      name,
      phase: 'waiting',
      total_bytes: knownBytes,
      removed_bytes: 0,
      removed_files: 0,
    };
    this.present.set(deletion.id, deletion);
    this.tellSoon();
    void this.turn.run(() => this.carryOut(folder, deletion));
  }

  private async carryOut(folder: string, deletion: Deletion): Promise<void> {
    const beganAtMs = performance.now();
    try {
      deletion.total_bytes ??= await this.count(folder, deletion);
      deletion.phase = 'deleting';
      await removeCounting(folder, (bytes) => {
        deletion.removed_bytes += bytes;
        deletion.removed_files += 1;
        this.tellSoon();
      });
      // What the count left, and the word of the operating system on what cannot be removed.
      await removeTree(folder);
      this.present.delete(deletion.id);
      this.tell();
      if (performance.now() - beganAtMs > WORTH_A_NOTICE_MS) this.tellOfEnd(deletion);
    } catch (error) {
      deletion.phase = 'failed';
      this.tell();
      this.tellOfFailure(folder, deletion, error);
    }
  }

  private async count(folder: string, deletion: Deletion): Promise<number | null> {
    deletion.phase = 'counting';
    this.tellSoon();
    const size = await measureTree(folder, AbortSignal.timeout(COUNT_AT_MOST_MS));
    return size?.bytes ?? null;
  }

  /** Progress is told at intervals, the first time when it has gone on for one. */
  private tellSoon(): void {
    this.timer ??= setTimeout(() => this.tell(), TELL_EVERY_MS).unref();
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.parts.hub.publish('trash.changed', this.state);
  }

  private tellOfEnd({ name, removed_bytes: bytes }: Deletion): void {
    this.parts.hub.publish('notice', {
      level: 'info',
      message: `${name} is deleted; ${describeBytes(bytes)} are free again.`,
      instance_id: null,
    });
  }

  private tellOfFailure(folder: string, { name }: Deletion, error: unknown): void {
    this.parts.logger.error('a deleted folder could not be removed; the next start tries again', {
      folder,
      error,
    });
    this.parts.hub.publish('notice', {
      level: 'error',
      message: `Not everything of ${name} could be deleted. The log of AiKore says why; its next start tries again.`,
      instance_id: null,
    });
  }
}
