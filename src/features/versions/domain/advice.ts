import type { CheckedEnvironment, PackageConflict } from '../../../contracts/versions.js';
import { isTooNewFor } from './driver.js';
import type { Driver } from './driver.js';
import { onKnownPairs } from './known-pairs.js';
import type { PackagesReport, TorchReport } from './reports.js';

/** All that a check has found out. */
export interface Findings {
  environment: CheckedEnvironment;
  packages: PackagesReport | null;
  torch: TorchReport | null;
  conflicts: readonly PackageConflict[];
  driver: Driver | null;
  /** GPUs that CUDA programs could use. */
  nvidiaGpuCount: number;
  /** As in `gpu_ids`: `""` is none. */
  gpuIds: string | null;
}

/** What stands out, the most important first. */
export function adviceOn(findings: Findings): string[] {
  const { environment, conflicts } = findings;
  const advice: string[] = [];
  if (environment.state !== 'ready') advice.push(environment.message);
  if (conflicts.length > 0) advice.push(onConflicts(conflicts.length, environment.kind));
  const torch = findings.torch === null ? null : onTorch(findings, findings.torch);
  if (torch !== null) advice.push(torch);
  return [...advice, ...onKnownPairs(findings.packages?.packages ?? new Map())];
}

function onConflicts(count: number, kind: CheckedEnvironment['kind']): string {
  const what = count === 1 ? 'One package does not fit' : `${count} packages do not fit`;
  const help = kind === 'machine' ? '' : ' or build the environment anew';
  return `${what} to the others. That need not hurt; where it does, install what is asked for in the instance's terminal${help}.`;
}

function onTorch({ driver, nvidiaGpuCount, gpuIds }: Findings, torch: TorchReport): string | null {
  if (torch.error !== null) return `torch is installed but cannot be loaded: ${torch.error}`;
  if (torch.isAvailable) return onArchitectures(torch);
  if (nvidiaGpuCount === 0 && torch.hip === null)
    return 'torch computes on the CPU: AiKore sees no NVIDIA GPU in this machine.';
  if (gpuIds === '') return 'torch computes on the CPU: no GPU is chosen for this instance.';
  if (torch.cuda === null && torch.hip === null)
    return 'torch was built for the CPU only, although this machine has a GPU. Install a build for CUDA, or build the environment anew.';
  const servedCuda = driver?.cuda ?? null;
  if (torch.cuda !== null && servedCuda !== null && isTooNewFor(torch.cuda, servedCuda))
    return `torch was built for CUDA ${torch.cuda}, and the driver serves up to ${servedCuda}. Update the driver, or install a torch for that CUDA.`;
  return 'torch sees no GPU, although this machine has one and torch was built for it. See whether the driver works and the right GPUs are chosen.';
}

function onArchitectures({ gpus, architectures }: TorchReport): string | null {
  if (architectures.length === 0) return null;
  const unserved = gpus.find(({ architecture }) => !isServed(architecture, architectures));
  if (unserved === undefined) return null;
  return `torch holds no code for ${unserved.name} (${unserved.architecture}); it has ${architectures.join(', ')}. Install a build that knows this GPU.`;
}

/** Code runs on its own architecture and on later ones of the same generation; `compute_` code on all later ones. */
function isServed(wanted: string, architectures: readonly string[]): boolean {
  const number = numberOf(wanted);
  return architectures.some((name) => {
    const other = numberOf(name);
    if (name.startsWith('compute_')) return other <= number;
    return Math.floor(other / 10) === Math.floor(number / 10) && other <= number;
  });
}

function numberOf(architecture: string): number {
  return Number(/\d+/.exec(architecture)?.[0] ?? 0);
}
