import type { PackageVersion, VersionFact } from '../../../contracts/versions.js';
import type { Driver } from './driver.js';
import type { PackagesReport, TorchReport } from './reports.js';

/** Of the machine, what versions depend on. */
export interface Machine {
  os: string;
  kernel: string;
  cpuModel: string;
  cpuCount: number;
  memoryTotalBytes: number;
  gpus: readonly { index: number; vendor: 'nvidia' | 'amd'; name: string; memoryTotalBytes: number }[];
}

/** Packages that applications on GPUs are made of, in the order in which they are shown. */
export const KNOWN_PACKAGES = [
  ...['torch', 'torchvision', 'torchaudio', 'xformers', 'flash-attn', 'sageattention', 'accelerate'],
  ...['bitsandbytes', 'triton', 'peft', 'nunchaku', 'onnxruntime', 'onnxruntime-gpu', 'numpy', 'Pillow'],
  ...['opencv-python', 'opencv-python-headless', 'transformers', 'tokenizers', 'diffusers'],
  ...['huggingface-hub', 'gradio', 'pydantic'],
] as const;

const GIB = 2 ** 30;

export function factsOf(
  machine: Machine,
  driver: Driver | null,
  packages: PackagesReport | null,
  torch: TorchReport | null,
): VersionFact[] {
  const facts = [
    fact('os', 'OS', `${machine.os} (kernel ${machine.kernel})`),
    fact(
      'cpu',
      'CPU',
      `${machine.cpuModel}, ${machine.cpuCount} ${machine.cpuCount === 1 ? 'core' : 'cores'}`,
    ),
    fact('memory', 'RAM', gibibytes(machine.memoryTotalBytes)),
    ...gpuFacts(machine),
    fact('driver', 'NVIDIA driver', driver?.version ?? null),
    fact('driver_cuda', 'CUDA of the driver', driver?.cuda ?? null),
    fact('python', 'Python', packages === null ? null : `${packages.python} (${packages.implementation})`),
    fact('torch_cuda', 'CUDA of torch', torch === null || torch.error !== null ? null : builtFor(torch)),
    fact('torch_gpus', 'GPUs that torch sees', torch === null || torch.error !== null ? null : seenBy(torch)),
  ];
  return facts.filter((known) => known !== null);
}

export function packagesOf(report: PackagesReport | null): PackageVersion[] {
  return KNOWN_PACKAGES.flatMap((name) => {
    const version = report?.packages.get(name);
    return version === undefined ? [] : [{ name, version }];
  });
}

/** Facts and packages as the original AiKore shows them: a line each. */
export function asText(
  facts: readonly VersionFact[],
  packages: readonly PackageVersion[],
  where: string,
): string {
  const lines = facts.map(({ label, value }) => `${label}: ${value}`);
  const versions = packages.map(({ name, version }) => `${name}: ${version}`);
  return [...lines, `Environment: ${where}`, ...(versions.length > 0 ? ['', ...versions] : [])].join('\n');
}

function gpuFacts({ gpus }: Machine): (VersionFact | null)[] {
  if (gpus.length === 0) return [fact('gpu', 'GPU', 'none that AiKore sees')];
  return gpus.map(({ index, name, memoryTotalBytes: bytes }) =>
    fact(`gpu_${index}`, `GPU ${index}`, bytes === 0 ? name : `${name}, ${gibibytes(bytes)}`),
  );
}

function builtFor({ cuda, hip }: TorchReport): string {
  if (cuda !== null) return cuda;
  return hip === null ? 'none: a build for the CPU' : `none: ROCm ${hip}`;
}

function seenBy({ isAvailable, gpus }: TorchReport): string {
  return isAvailable ? gpus.map(({ name }) => name).join(', ') || 'yes' : 'none';
}

function fact(key: string, label: string, value: string | null): VersionFact | null {
  return value === null ? null : { key, label, value };
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
