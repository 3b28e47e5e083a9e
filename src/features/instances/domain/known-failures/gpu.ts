import { chooseGpu, rebuild } from './known-failure.js';
import type { KnownFailure } from './known-failure.js';

const wanted = (size: string | undefined): string => (size ? ` (it asked for ${size} more)` : '');

/** What goes wrong between an application, its torch, the driver and the card. */
export const gpuFailures: readonly KnownFailure[] = [
  {
    code: 'cuda_out_of_memory',
    patterns: [
      /(?:OutOfMemoryError|RuntimeError): CUDA out of memory\.(?: Tried to allocate (?<size>[\d.]{1,12} [KMGT]i?B))?/,
      /OutOfMemoryError: Allocation on device/,
      /CUDA error: out of memory/,
      /CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED/,
      /cudaMalloc failed: out of memory/,
      /CUDA_ERROR_OUT_OF_MEMORY/,
    ],
    message: ({ size }) =>
      `The memory of the GPU ran out${wanted(size)}. Choose another GPU, end what else uses this one, or take a smaller model, picture or batch.`,
    remedies: [chooseGpu],
  },
  {
    code: 'hip_out_of_memory',
    patterns: [
      /HIP out of memory\.(?: Tried to allocate (?<size>[\d.]{1,12} [KMGT]i?B))?/,
      /HIP_ERROR_OutOfMemory|hipErrorOutOfMemory/,
    ],
    message: ({ size }) =>
      `The memory of the AMD GPU ran out${wanted(size)}. Choose another GPU, end what else uses this one, or take a smaller model, picture or batch.`,
    remedies: [chooseGpu],
  },
  {
    code: 'torch_without_cuda',
    patterns: [/Torch not compiled with CUDA enabled/, /Torch is not able to use GPU/],
    message:
      'The installed PyTorch cannot use GPUs: it was installed in a build for the CPU only, or for another kind of card. Rebuild the environment with a build of PyTorch for this GPU.',
    remedies: [rebuild],
  },
  {
    code: 'gpu_not_supported_by_torch',
    patterns: [
      /no kernel image is available for execution on the device/,
      /hipErrorNoBinaryForGpu|HIP error: invalid device function/,
    ],
    message:
      'The installed PyTorch was built for other GPUs than this one. Rebuild the environment with a build of PyTorch that knows this card (new cards need a newer one, very old cards an older one), or choose another GPU.',
    remedies: [rebuild, chooseGpu],
  },
  {
    code: 'gpu_not_supported_by_torch',
    isSymptom: true,
    isTakenFromWarnings: true,
    patterns: [
      /with CUDA capability (?<arch>sm_\w{1,8}) is not compatible with the current PyTorch installation/,
    ],
    message: ({ arch }) =>
      `The installed PyTorch does not support this GPU (${arch}). Rebuild the environment with a build of PyTorch that does, or choose another GPU.`,
    remedies: [rebuild, chooseGpu],
  },
  {
    code: 'nvidia_driver_missing',
    patterns: [
      /Found no NVIDIA driver on your system/,
      /NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver/,
      /libcuda\.so(?:\.1)?: cannot open shared object file/,
      /nvidia-container-cli: initialization error/,
    ],
    message:
      'There is no NVIDIA driver here that could be used. Install the driver on the machine (in a container, start that with access to the GPUs), or start the application for the CPU.',
  },
  {
    code: 'nvidia_driver_too_old',
    patterns: [
      /The NVIDIA driver on your system is too old \(found version (?<version>\d{1,10})\)/,
      /CUDA driver version is insufficient for CUDA runtime version/,
      /the provided PTX was compiled with an unsupported toolchain/,
      /nvidia-container-cli: requirement error: unsatisfied condition: cuda/,
    ],
    message:
      'The NVIDIA driver of this machine is too old for the CUDA that the application brings. Update the driver, or rebuild the environment with a PyTorch for an older CUDA.',
    remedies: [rebuild],
  },
  {
    code: 'gpu_not_there',
    patterns: [
      /CUDA error: invalid device ordinal|HIP error: invalid device ordinal/,
      /No CUDA GPUs are available|No HIP GPUs are available/,
      /no CUDA-capable device is detected/,
    ],
    message:
      'The application found none of the GPUs that it was told to use. Choose a GPU that this machine has; an instance without a GPU needs an application that runs on the CPU.',
    remedies: [chooseGpu],
  },
  {
    code: 'cuda_library_missing',
    patterns: [
      /(?<library>lib(?:cudart|cudnn|cublas|cufft|curand|cusolver|cusparse|nccl|nvrtc|nvinfer|nvToolsExt|cupti|nvJitLink)[\w.-]{0,40}): cannot open shared object file/,
      /Could not load library (?<library>libcu[\w.-]{1,60})/,
      /Unable to load any of \{(?<library>libcu[\w.-]{1,60})/,
    ],
    message: ({ library }) =>
      `A library of CUDA, ${library}, is missing or of another version than the application was built for. Rebuild the environment, so that PyTorch and its libraries come from one source.`,
    remedies: [rebuild],
  },
  {
    code: 'cudnn_mismatch',
    patterns: [
      /cuDNN version incompatibility: PyTorch was compiled/,
      /CUDNN_STATUS_(?:NOT_INITIALIZED|VERSION_MISMATCH|SUBLIBRARY_VERSION_MISMATCH)/,
    ],
    message:
      'The cuDNN that was found does not fit the installed PyTorch. Rebuild the environment; if it happens again, something in LD_LIBRARY_PATH gets in the way.',
    remedies: [rebuild],
  },
  {
    code: 'gpu_illegal_access',
    patterns: [/CUDA error: an illegal memory access was encountered/, /CUDA error: misaligned address/],
    message:
      'A program on the GPU touched memory that is not its own. That is a fault of the application or one of its extensions, and at times of an overclocked or failing card. Start it again; if it repeats, update the application or try another GPU.',
    remedies: [chooseGpu],
  },
  {
    code: 'gpu_assertion',
    patterns: [/CUDA error: device-side assert triggered/],
    message:
      'A check on the GPU failed, mostly because of an index outside its table: the data or model does not fit the application. CUDA_LAUNCH_BLOCKING=1 in its variables shows where.',
  },
  {
    code: 'gpu_fault',
    patterns: [
      /CUDA error: (?:unspecified launch failure|uncorrectable ECC error encountered|the launch timed out)/,
      /CUDA unknown error - this may be due to an incorrectly set up environment/,
      /Unable to determine the device handle for GPU|GPU is lost|GPU has fallen off the bus/,
    ],
    message:
      'The GPU or its driver stopped working. Choose another GPU for now; a restart of the machine mostly brings the card back, and the kernel’s log (dmesg, “Xid”) says more.',
    remedies: [chooseGpu],
  },
];
