import type { Instance } from '../../../src/contracts/instance.js';
import { bodyOf, conflictsOf, wantsRestart } from '../domain/pending.js';
import type { Api } from '../net/api.js';
import { ApiError } from '../net/http.js';
import type { PendingChanges } from './pending-changes.js';

export interface SaveOutcome {
  saved: { instance: Instance; changeCount: number }[];
  /** Somebody else changed the same meanwhile; nothing of these was stored. */
  conflicted: Instance[];
  failed: { name: string; error: unknown }[];
  restarted: Instance[];
}

export interface SavePorts {
  api: Pick<Api, 'instance' | 'updateInstance' | 'command'>;
  pending: PendingChanges;
  nameOf(id: number): string;
}

/**
 * Stores all changes, instance by instance, each against the tag of what was compared with: what somebody else stored
 * meanwhile is never overwritten without having been shown. What could not be stored stays pending, with the reason.
 */
export async function saveChanges(ports: SavePorts, isRestarting: boolean): Promise<SaveOutcome> {
  const outcome: SaveOutcome = { saved: [], conflicted: [], failed: [], restarted: [] };
  for (const id of [...ports.pending.all.keys()]) {
    try {
      await saveOne(ports, id, isRestarting, outcome);
    } catch (error) {
      noteFailure(ports, id, error, outcome);
    }
  }
  return outcome;
}

async function saveOne(
  ports: SavePorts,
  id: number,
  isRestarting: boolean,
  outcome: SaveOutcome,
): Promise<void> {
  const { api, pending } = ports;
  const { instance, etag } = await api.instance(id);
  pending.rebase(instance);
  const row = pending.of(id);
  if (!row) return;
  if (conflictsOf(row).length > 0) {
    outcome.conflicted.push(instance);
    return;
  }
  const saved = await storeOrCompare(ports, id, etag, outcome);
  if (!saved) return;
  pending.settle(saved, row);
  outcome.saved.push({ instance: saved, changeCount: row.size });
  if (!isRestarting || !wantsRestart(saved, row)) return;
  await api.command(id, 'restart');
  outcome.restarted.push(saved);
}

/** Null when somebody was quicker: then what they stored is shown. */
async function storeOrCompare(
  { api, pending }: SavePorts,
  id: number,
  etag: string | null,
  outcome: SaveOutcome,
): Promise<Instance | null> {
  const row = pending.of(id);
  if (!row) return null;
  try {
    return await api.updateInstance(id, bodyOf(row), etag);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 412)) throw error;
    const { instance } = await api.instance(id);
    pending.rebase(instance);
    outcome.conflicted.push(instance);
    return null;
  }
}

function noteFailure(ports: SavePorts, id: number, error: unknown, outcome: SaveOutcome): void {
  if (error instanceof ApiError) {
    const isAboutName = error.status === 409 && /NAME|INSTANCE_ACTIVE|FOLDER/.test(error.code);
    ports.pending.refuse(id, isAboutName ? new Map([['name', error.message]]) : error.fields);
  }
  outcome.failed.push({ name: ports.nameOf(id), error });
}
