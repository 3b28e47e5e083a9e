import { createHash } from 'node:crypto';
import { readSmallBytes } from '../../host/files/regular-file.js';
import { MAX_BLUEPRINT_BYTES } from '../blueprints/blueprints.api.js';
import { readSetupCall } from './domain/setup-call.js';
import type { SetupCall } from './domain/setup-call.js';

/** What an installation depends on of an instance's script. */
export interface SetupScript {
  /** SHA-256, hex. */
  digest: string;
  /** Null: it does not have installations remembered. */
  call: SetupCall | null;
}

/** @returns null when there is no script that can be read */
export async function readSetupScript(path: string): Promise<SetupScript | null> {
  const content = await readSmallBytes(path, MAX_BLUEPRINT_BYTES).catch(() => null);
  if (content === null) return null;
  const digest = createHash('sha256').update(content).digest('hex');
  return { digest, call: readSetupCall(content.toString('utf8')) };
}
