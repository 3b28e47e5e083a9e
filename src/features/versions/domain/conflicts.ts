import type { PackageConflict } from '../../../contracts/versions.js';

/** pip: `torchvision 0.20 requires torch, which is not installed.` */
const PIP_MISSING = /^(\S+) (\S+) requires ([^,]+), which is not installed\.$/;
/** pip: `torchvision 0.20 has requirement torch==2.5, but you have torch 2.4.` */
const PIP_OTHER = /^(\S+) (\S+) has requirement (.+), but you have (\S+) (\S+?)\.?$/;
/** uv: ``The package `a` requires `b>=2`, but `1.0` is installed`` */
const UV_OTHER = /^The package `([^`]+)` requires `([^`]+)`, but `([^`]+)` is installed$/;
/** uv: ``The package `a` requires `b>=2`, but it's not installed`` */
const UV_MISSING = /^The package `([^`]+)` requires `([^`]+)`, but it.s not installed$/;
const MAX_CONFLICTS = 200;

/** Reads what `pip check` or `uv pip check` printed; lines that say nothing of a conflict are passed over. */
export function readConflicts(output: string): PackageConflict[] {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.flatMap((line) => readLine(line) ?? []).slice(0, MAX_CONFLICTS);
}

function readLine(message: string): PackageConflict | null {
  const missing = PIP_MISSING.exec(message);
  if (missing !== null) return conflict(message, missing[1], missing[2], missing[3], null);
  const other = PIP_OTHER.exec(message);
  if (other !== null) return conflict(message, other[1], other[2], other[3], other[5]);
  const uvOther = UV_OTHER.exec(message);
  if (uvOther !== null) return conflict(message, uvOther[1], undefined, uvOther[2], uvOther[3]);
  const uvMissing = UV_MISSING.exec(message);
  return uvMissing === null ? null : conflict(message, uvMissing[1], undefined, uvMissing[2], null);
}

function conflict(
  message: string,
  name = '',
  version: string | undefined,
  requirement = '',
  installed: string | null | undefined,
): PackageConflict {
  const dependency = /^[A-Za-z0-9._-]+/.exec(requirement)?.[0] ?? requirement;
  return {
    package: name,
    version: version ?? null,
    requirement,
    dependency,
    installed: installed ?? null,
    message,
  };
}
