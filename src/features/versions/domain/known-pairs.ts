import { compareVersions } from '../../../core/text/domain/version-order.js';

/** Versions by the names that `KNOWN_PACKAGES` has. */
export type Installed = ReadonlyMap<string, string>;

/** What is known of two packages that do not work together; pip learns of few of these from their metadata. */
type Rule = (installed: Installed) => string | null;

const RULES: readonly Rule[] = [
  onTorchvision,
  onTorchaudio,
  ...['torchvision', 'torchaudio'].map(
    (name): Rule =>
      (installed) =>
        onBuild(installed, name),
  ),
  onXformers,
  ...['flash-attn', 'sageattention'].map(
    (name): Rule =>
      (installed) =>
        onBuiltFor(installed, name),
  ),
  onNumpyAndTorch,
  onNumpyAndOpencv,
  onDiffusersAndHub,
  onTransformersAndHub,
  onGradioAndHub,
  onGradioAndPydantic,
  onTwoRuntimes,
  onTwoOpencvs,
];

/** Sentences on known pairs that do not fit. */
export function onKnownPairs(installed: Installed): string[] {
  return RULES.flatMap((rule) => rule(installed) ?? []);
}

/** torch 2.N goes with torchvision 0.(N+15), 1.N with 0.(N+1) (README of pytorch/vision). */
function onTorchvision(installed: Installed): string | null {
  const torch = minorOf(installed.get('torch'));
  const vision = minorOf(installed.get('torchvision'));
  if (torch === null || vision === null || vision.major !== 0 || torch.major > 2 || torch.major < 1)
    return null;
  const wanted = torch.minor + (torch.major === 2 ? 15 : 1);
  if (vision.minor === wanted) return null;
  return misfit(installed, 'torchvision', 'torch', `torchvision 0.${wanted}`);
}

/** Both have the same number from 2.0 to 2.8 (pytorch.org/audio, compatibility matrix). */
function onTorchaudio(installed: Installed): string | null {
  const torch = minorOf(installed.get('torch'));
  const audio = minorOf(installed.get('torchaudio'));
  if (torch === null || audio === null || torch.major !== 2 || torch.minor > 8) return null;
  if (audio.major === torch.major && audio.minor === torch.minor) return null;
  return misfit(installed, 'torchaudio', 'torch', `torchaudio 2.${torch.minor}`);
}

/** Builds for different accelerators do not load each other's libraries: `operator torchvision::nms does not exist`. */
function onBuild(installed: Installed, name: string): string | null {
  const torch = buildOf(installed.get('torch'));
  const other = buildOf(installed.get(name));
  if (torch === null || other === null || torch === other) return null;
  return `${name} is a build for ${other}, and torch one for ${torch}. Install both from the same index of PyTorch.`;
}

/** Which torch each xformers was compiled for (changelog of facebookresearch/xformers); later ones take newer ones, too. */
const XFORMERS: ReadonlyMap<string, string> = new Map([
  ...([
    ['0.0.22.post7', '2.1.0'],
    ['0.0.23', '2.1.1'],
    ['0.0.23.post1', '2.1.2'],
    ['0.0.24', '2.2.0'],
  ] as const),
  ...([
    ['0.0.25', '2.2.1'],
    ['0.0.25.post1', '2.2.2'],
    ['0.0.26.post1', '2.3.0'],
  ] as const),
  ...([
    ['0.0.27.post2', '2.4.0'],
    ['0.0.28.post3', '2.5.1'],
    ['0.0.29.post1', '2.5.1'],
  ] as const),
  ...([
    ['0.0.29.post3', '2.6.0'],
    ['0.0.30', '2.7.0'],
  ] as const),
]);

function onXformers(installed: Installed): string | null {
  const torch = releaseOf(installed.get('torch'));
  const wanted = XFORMERS.get(releaseOf(installed.get('xformers')) ?? '');
  if (torch === null || minorOf(torch) === null || wanted === undefined || torch === wanted) return null;
  return misfit(installed, 'xformers', 'torch', `torch ${wanted}, or an xformers made for this torch`);
}

/** The names of these builds say what they were compiled for: `2.7.4+cu12torch2.5cxx11abiFALSE`. */
function onBuiltFor(installed: Installed, name: string): string | null {
  const builtFor = minorOf(/torch(\d{1,3}\.\d{1,3})/.exec(buildOf(installed.get(name)) ?? '')?.[1]);
  const torch = minorOf(installed.get('torch'));
  if (builtFor === null || torch === null) return null;
  if (builtFor.major === torch.major && builtFor.minor === torch.minor) return null;
  return `${name} was built for torch ${builtFor.major}.${builtFor.minor}, and torch ${shown(installed, 'torch')} is here. Install a build for this torch.`;
}

/** torch knows numpy 2 since 2.3 (release notes of PyTorch 2.3); before, `Numpy is not available`. */
function onNumpyAndTorch(installed: Installed): string | null {
  const isOld = isBelow(installed.get('torch'), '2.3');
  return isOld && isFrom(installed.get('numpy'), '2') ? misfit(installed, 'numpy', 'torch', 'numpy<2') : null;
}

/** Wheels of OpenCV are made for numpy 2 since 4.10.0.84 (opencv/opencv-python, releases). */
function onNumpyAndOpencv(installed: Installed): string | null {
  if (!isFrom(installed.get('numpy'), '2')) return null;
  const old = ['opencv-python', 'opencv-python-headless'].find((name) =>
    isBelow(installed.get(name), '4.10.0.84'),
  );
  return old === undefined ? null : misfit(installed, 'numpy', old, `${old}>=4.10.0.84 or numpy<2`);
}

/** huggingface_hub 0.26 took `cached_download` away, which diffusers loads before 0.29 (huggingface_hub, release 0.26.0). */
function onDiffusersAndHub(installed: Installed): string | null {
  const isGone = isFrom(installed.get('huggingface-hub'), '0.26');
  if (!isGone || !isBelow(installed.get('diffusers'), '0.29')) return null;
  return misfit(installed, 'diffusers', 'huggingface-hub', 'diffusers>=0.29 or huggingface-hub<0.26');
}

/** transformers 4 looks for it when it is loaded, and refuses. */
function onTransformersAndHub(installed: Installed): string | null {
  const isNew = isFrom(installed.get('huggingface-hub'), '1.0');
  if (!isNew || !isBelow(installed.get('transformers'), '5.0.0.dev0')) return null;
  return misfit(installed, 'transformers', 'huggingface-hub', 'huggingface-hub<1.0');
}

/** huggingface_hub 1.0 took `HfFolder` away, which gradio 4 loads (huggingface/huggingface_hub#3344). */
function onGradioAndHub(installed: Installed): string | null {
  const isNew = isFrom(installed.get('huggingface-hub'), '1.0');
  return isNew && isGradio4(installed)
    ? misfit(installed, 'gradio', 'huggingface-hub', 'huggingface-hub<1.0')
    : null;
}

/** Schemas of pydantic 2.11 are not what gradio 4 expects (gradio-app/gradio#11084): pages stay empty. */
function onGradioAndPydantic(installed: Installed): string | null {
  const isNew = isFrom(installed.get('pydantic'), '2.11');
  return isNew && isGradio4(installed) ? misfit(installed, 'gradio', 'pydantic', 'pydantic<2.11') : null;
}

/** Both are the one module `onnxruntime`: what was installed last is used, often the one without a GPU. */
function onTwoRuntimes(installed: Installed): string | null {
  if (!installed.has('onnxruntime') || !installed.has('onnxruntime-gpu')) return null;
  return 'onnxruntime and onnxruntime-gpu are both installed and overwrite each other. Uninstall both, then install the one that is wanted.';
}

/** Both are the one module `cv2`. */
function onTwoOpencvs(installed: Installed): string | null {
  const [full, headless] = [installed.get('opencv-python'), installed.get('opencv-python-headless')];
  if (full === undefined || headless === undefined || full === headless) return null;
  return `opencv-python ${full} and opencv-python-headless ${headless} overwrite each other. Keep one, or give both the same version.`;
}

function misfit(installed: Installed, name: string, other: string, help: string): string {
  return `${name} ${shown(installed, name)} does not go with ${other} ${shown(installed, other)}. Install ${help}.`;
}

const shown = (installed: Installed, name: string): string => installed.get(name) ?? '';

function isGradio4(installed: Installed): boolean {
  return isFrom(installed.get('gradio'), '4') && isBelow(installed.get('gradio'), '5.0.0.dev0');
}

function isFrom(version: string | undefined, bound: string): boolean {
  return version !== undefined && (compareVersions(version, bound) ?? -1) >= 0;
}

function isBelow(version: string | undefined, bound: string): boolean {
  return version !== undefined && (compareVersions(version, bound) ?? 0) < 0;
}

function minorOf(version: string | undefined): { major: number; minor: number } | null {
  const match = /^(\d{1,4})\.(\d{1,4})/.exec(version ?? '');
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}

/** `2.7.1+cu128` is `2.7.1`. */
function releaseOf(version: string | undefined): string | null {
  return version?.split('+')[0] ?? null;
}

/** `2.7.1+cu128` is `cu128`. */
function buildOf(version: string | undefined): string | null {
  return version?.split('+')[1] ?? null;
}
