import type { EnvironmentState, InstallPins, InstallRecord } from '../../../contracts/environment.js';
import { plainRequirements } from './install-record.js';
import type { SetupDone } from './setup-done.js';

/** What decides what the next start does with an environment. */
export interface EnvironmentFacts {
  /** Its script has installations remembered. */
  isRemembered: boolean;
  /** SHA-256 of the script, hex; null: there is none that can be read. */
  scriptDigest: string | null;
  /** As scripts get it. */
  blueprint: string;
  pins: InstallPins;
  record: InstallRecord | null;
  /** What functions.sh compares beside the record; null: the last installation was not whole. */
  done: SetupDone | null;
  /** Digests of what counts beside pins, by name: as in `done`. */
  digests: ReadonlyMap<string, string>;
  /** An installation was begun and its end is not noted. */
  isBegun: boolean;
  /** A start of it is under way, which may be installing. */
  isStarting: boolean;
  /** Names of other instances that run from the same files now. */
  others: readonly string[];
  /** The environment that its script declares, relative to its folder; null: none. */
  venvPath: string | null;
  /** Its Python is there, or there is none to be there. */
  isVenvThere: boolean;
  rebuild: 'rebuild' | 'clean' | null;
  isUpdateDue: boolean;
}

/** The name of extra requirements and `requirements.txt` among digests. */
export const REQUIREMENTS = 'requirements';

export interface EnvironmentVerdict {
  state: EnvironmentState;
  reasons: string[];
}

/** Says what the next start does with an environment, and why. Pure. */
export function environmentState(facts: EnvironmentFacts): EnvironmentVerdict {
  const { record, isBegun, isStarting } = facts;
  const asked = wishesOf(facts);
  if (!facts.isRemembered) return { state: 'none', reasons: asked };
  if (isBegun && isStarting)
    return { state: record === null ? 'absent' : 'stale', reasons: ['It is being installed now.'] };
  if (isBegun)
    return {
      state: 'interrupted',
      reasons: ['An installation was interrupted. The next start goes on with it.', ...asked],
    };
  if (record === null) return { state: 'absent', reasons: ['The next start installs it.', ...asked] };
  const reasons = [...changesSince(record, facts), ...asked];
  if (reasons.length === 0) return { state: 'ready', reasons };
  return { state: 'stale', reasons: [...reasons, ...holdersOf(facts)] };
}

function wishesOf({ rebuild, isUpdateDue }: EnvironmentFacts): string[] {
  const reasons: string[] = [];
  if (rebuild === 'rebuild') reasons.push('The next start builds the environment anew.');
  if (rebuild === 'clean')
    reasons.push('The next start builds the environment anew and downloads everything for it again.');
  if (isUpdateDue) reasons.push('The next start brings it up to date.');
  return reasons;
}

/** functions.sh exchanges nothing under an instance that runs. */
function holdersOf({ others }: EnvironmentFacts): string[] {
  if (others.length === 0) return [];
  const [run, them] = others.length === 1 ? ['runs', 'it'] : ['run', 'them'];
  return [`Nothing is installed while ${others.join(', ')} ${run} from the same files: stop ${them} first.`];
}

/** What of an installation is not as it was. */
function changesSince(record: InstallRecord, facts: EnvironmentFacts): string[] {
  const changes: string[] = [];
  const { venvPath, scriptDigest, pins, blueprint } = facts;
  if (venvPath !== null && !facts.isVenvThere)
    changes.push(again(`the environment ${venvPath} is not there`));
  if (scriptDigest !== null && record.script_digest !== scriptDigest)
    changes.push(again('its script was changed'));
  if (withoutEnding(record.blueprint) !== withoutEnding(blueprint))
    changes.push(again(`it was made from ${record.blueprint || 'another blueprint'}`));
  const versions = [
    onVersion('Python', pins.python_version, record.pins.python_version, record.python?.version ?? null),
    onVersion('CUDA', pins.cuda_version, record.pins.cuda_version),
    onVersion('torch', pins.torch_version, record.pins.torch_version, record.packages['torch'] ?? null),
    onVersion('Source', pins.git_ref, record.pins.git_ref),
  ];
  changes.push(...versions.filter((sentence) => sentence !== null));
  if (plainRequirements(pins.extra_requirements) !== plainRequirements(record.pins.extra_requirements))
    changes.push(again('its extra requirements were changed'));
  return [...changes, ...otherChanges(facts, changes.length > 0)];
}

/** What the record does not tell of. @param isKnown the next start installs again anyway */
function otherChanges({ done, digests }: EnvironmentFacts, isKnown: boolean): string[] {
  if (done === null)
    return isKnown ? [] : ['The last installation was not whole. The next start tries again.'];
  const changed = [...done.digests].filter(([name, digest]) => (digests.get(name) ?? digest) !== digest);
  return changed
    .filter(([name]) => name !== REQUIREMENTS || !isKnown)
    .map(([name]) => again(name === REQUIREMENTS ? 'requirements.txt was changed' : `${name} was changed`));
}

/** @param installed what the blueprint took while there was no pin */
function onVersion(
  what: string,
  wanted: string | null,
  known: string | null,
  installed: string | null = null,
): string | null {
  if (wanted === known) return null;
  const before = known ?? installed ?? 'the blueprint’s choice';
  return again(`${what} ${before} → ${wanted ?? 'the blueprint’s choice'}`);
}

function again(why: string): string {
  return `The next start installs again: ${why}.`;
}

function withoutEnding(blueprint: string): string {
  return blueprint.replace(/\.sh$/, '');
}
