import type { PackageConflict, VersionCheck } from '../../contracts/versions.js';
import { adviceOn } from './domain/advice.js';
import type { Driver } from './domain/driver.js';
import { asText, factsOf, packagesOf } from './domain/facts.js';
import type { Machine } from './domain/facts.js';
import type { PackagesReport, TorchReport } from './domain/reports.js';
import type { ConflictsOutput } from './environment-check.js';
import type { FoundEnvironment } from './find-environment.js';

/** What an environment has told; null: it could not be asked. */
export interface Gathered {
  environment: FoundEnvironment;
  packages: PackagesReport | null;
  torch: TorchReport | null;
  conflicts: (ConflictsOutput & { list: PackageConflict[] }) | null;
}

export interface ReportFacts extends Gathered {
  machine: Machine;
  driver: Driver | null;
  gpuIds: string | null;
  tookMs: number;
}

const NO_CONFLICTS = 'No dependency conflicts found.';
const NO_CHECKER =
  'Conflicts cannot be checked: the environment has no pip, and uv is not installed on this machine.';

/** Puts the answer of a check together. */
export function versionReport(facts: ReportFacts): VersionCheck {
  const { environment: found, packages, torch, machine, driver } = facts;
  const { kind, path, state, message } = found;
  const environment = { kind, path, state, message, installed_count: packages?.installedCount ?? null };
  const list = facts.conflicts?.list ?? [];
  const lines = factsOf(machine, driver, packages, torch);
  const known = packagesOf(packages);
  const nvidiaGpuCount = machine.gpus.filter(({ vendor }) => vendor === 'nvidia').length;
  return {
    versions: asText(lines, known, path ?? 'the Python of this machine'),
    conflicts: conflictsText(facts),
    environment,
    facts: lines,
    packages: known,
    conflicts_list: list,
    has_conflicts: hasConflicts(facts),
    advice: adviceOn({ ...facts, environment, conflicts: list, nvidiaGpuCount }),
    checked_at: new Date().toISOString(),
    took_ms: facts.tookMs,
  };
}

/** Something that fails without naming a conflict says nothing of them. */
function hasConflicts({ conflicts }: Gathered): boolean | null {
  if (conflicts === null) return null;
  if (conflicts.list.length > 0) return true;
  return conflicts.exitCode === 0 ? false : null;
}

function conflictsText(facts: Gathered): string {
  const { conflicts, packages, environment } = facts;
  if (packages === null) return environment.message;
  if (conflicts === null) return NO_CHECKER;
  return hasConflicts(facts) === false ? NO_CONFLICTS : conflicts.text || 'The check of the packages failed.';
}
