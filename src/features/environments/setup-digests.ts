import { createHash } from 'node:crypto';
import type { BlueprintVariable } from '../../contracts/blueprint.js';
import { REQUIREMENTS } from './domain/environment-state.js';
import type { SetupDone } from './domain/setup-done.js';

/**
 * What functions.sh would note of an instance's variables and requirements now (`_aikore_setup_key` in
 * blueprints/lib/setup-key.sh): the next start compares just that.
 */
export function setupDigests(
  { digests }: SetupDone,
  env: Readonly<Record<string, string>>,
  declared: readonly BlueprintVariable[],
  requirementsFile: string | null,
): ReadonlyMap<string, string> {
  const now = new Map<string, string>();
  for (const [name, known] of digests) {
    const value = env[name];
    if (value !== undefined) now.set(name, digestOf(value));
    else
      now.set(
        name,
        unsetDigest(
          known,
          declared.find((variable) => variable.name === name),
        ),
      );
  }
  now.set(REQUIREMENTS, requirementsDigest(env['AIKORE_EXTRA_REQUIREMENTS'] ?? '', requirementsFile));
  return now;
}

/** A script may give a variable that is not set its default itself; what it makes of others, nobody can tell from here. */
function unsetDigest(known: string, declared: BlueprintVariable | undefined): string {
  const isTaken = declared === undefined || known === digestOf(declared.default);
  return isTaken ? known : '';
}

function requirementsDigest(extra: string, file: string | null): string {
  return extra === '' && file === null ? '' : digestOf(`${extra}\n${file ?? ''}`);
}

function digestOf(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text).digest('hex');
}
