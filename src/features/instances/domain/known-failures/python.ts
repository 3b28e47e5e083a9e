import { rebuild } from './known-failure.js';
import type { KnownFailure } from './known-failure.js';

/** Interpreters, modules and native extensions that do not fit together. */
export const pythonFailures: readonly KnownFailure[] = [
  {
    code: 'environment_broken',
    patterns: [
      /No module named '?(?:encodings|pip)'?$/,
      /Fatal Python error: init_fs_encoding/,
      /\/bin\/(?:python|pip|activate)[\w.]{0,8}: (?:\/.{1,300}: )?(?:bad interpreter: )?No such file or directory/,
      /bad interpreter: No such file or directory/,
    ],
    message:
      'The Python environment is broken: its interpreter or its basic parts are gone, as after an interrupted installation or an update of the system’s Python. Rebuild the environment.',
    remedies: [rebuild],
  },
  {
    code: 'numpy_mismatch',
    patterns: [
      /numpy\.(?:dtype|ndarray) size changed, may indicate binary incompatibility/,
      /numpy\._?core\.multiarray failed to import|_ARRAY_API not found/,
      /module 'numpy' has no attribute '\w{1,60}'/,
      /was removed in the NumPy 2\.0 release/,
    ],
    message:
      'The installed NumPy is another version than the application or one of its packages was made for. Rebuild the environment; if it happens again, NumPy has to be pinned (often numpy<2).',
    remedies: [rebuild],
  },
  {
    code: 'numpy_mismatch',
    isSymptom: true,
    patterns: [/A module that was compiled using NumPy 1\.x cannot be run in/],
    message:
      'A package was built for NumPy 1 and cannot run with NumPy 2. Rebuild the environment; if it happens again, NumPy has to be pinned (numpy<2).',
    remedies: [rebuild],
  },
  {
    code: 'torchvision_mismatch',
    patterns: [
      /operator torchvision::nms does not exist/,
      /Couldn't load custom C\+\+ ops\. This can happen if your PyTorch and torchvision versions are incompatible/,
    ],
    message:
      'The installed torch and torchvision do not belong together. Rebuild the environment, so that both come from one source.',
    remedies: [rebuild],
  },
  {
    code: 'protobuf_mismatch',
    patterns: [/Descriptors cannot (?:not )?be created directly/],
    message:
      'The installed protobuf is newer than a package allows. Rebuild the environment; if it happens again, protobuf has to be pinned (protobuf<=3.20).',
    remedies: [rebuild],
  },
  {
    code: 'xformers_mismatch',
    patterns: [/No operator found for `memory_efficient_attention_(?:forward|backward)`/],
    message:
      'The installed xFormers does not fit this PyTorch or this GPU. Rebuild the environment, or start the application without xFormers.',
    remedies: [rebuild],
  },
  {
    code: 'xformers_mismatch',
    isSymptom: true,
    isTakenFromWarnings: true,
    patterns: [/xFormers can't load C\+\+\/CUDA extensions/],
    message:
      'The installed xFormers was built for another PyTorch. Rebuild the environment, or start the application without xFormers.',
    remedies: [rebuild],
  },
  {
    code: 'bitsandbytes_mismatch',
    patterns: [/CUDA Setup failed despite (?:GPU|CUDA) being available/],
    message:
      'bitsandbytes does not find the CUDA that it was built for. Rebuild the environment with a version that fits this PyTorch.',
    remedies: [rebuild],
  },
  {
    code: 'library_mismatch',
    patterns: [
      /(?<![\w.+-])(?<library>[\w.+-]{1,120}\.so[\w.]{0,20}): undefined symbol: (?<symbol>[\w@]{1,200})/,
    ],
    message: ({ library }) =>
      `${library} was built for another version of what it uses, mostly of PyTorch or CUDA. Rebuild the environment.`,
    remedies: [rebuild],
  },
  {
    code: 'system_too_old',
    patterns: [/version `(?<version>(?:GLIBCXX|GLIBC|CXXABI)_[\d.]{1,12})' not found/],
    message: ({ version }) =>
      `A program was built for a newer Linux than this one (it needs ${version}). Install a version of it for this system, or update the system.`,
  },
  {
    code: 'system_library_missing',
    patterns: [/(?<library>libG[LX][\w.]{0,12}|libgthread-2\.0[\w.]{0,8}): cannot open shared object file/],
    message: ({ library }) =>
      `The system library ${library}, which OpenCV needs, is missing. Install it on the machine (on Debian: apt install libgl1 libglib2.0-0), or use opencv-python-headless.`,
  },
  {
    code: 'system_library_missing',
    patterns: [
      /(?<![\w.+-])(?<library>[\w.+-]{1,120}\.so[\w.]{0,30}): cannot open shared object file/,
      /error while loading shared libraries: (?<library>[\w.+-]{1,120})/,
    ],
    message: ({ library }) =>
      `The system library ${library} is missing. Install the package that brings it on the machine.`,
  },
  {
    code: 'python_module_missing',
    patterns: [
      /ModuleNotFoundError: No module named '(?<module>[^']{1,200})'/,
      /ImportError: No module named '?(?<module>[\w.-]{1,200})/,
      /python[\w.]{0,8}: No module named (?<module>[\w.-]{1,200})/,
    ],
    message: ({ module }) =>
      `The Python module “${module}” is not installed in the environment. Rebuild the environment; if it is missing again, the blueprint has to install it.`,
    remedies: [rebuild],
  },
  {
    code: 'python_import_failed',
    patterns: [
      /ImportError: cannot import name '(?<name>[^']{1,200})' from (?:partially initialized module )?'(?<module>[^']{1,200})'/,
    ],
    message: ({ name, module }) =>
      `“${module}” has no “${name}”: two packages of the environment do not fit together. Rebuild the environment; if it happens again, a version has to be pinned.`,
    remedies: [rebuild],
  },
  {
    code: 'python_venv_missing',
    patterns: [/ensurepip is not(?: available|$)/, /The environment could not be made\. On Debian/],
    message:
      'This machine’s Python cannot make environments. Install the missing part (on Debian: apt install python3-venv), then start again.',
  },
  {
    code: 'python_missing',
    patterns: [
      /"(?<python>python[\d.]{0,8})" is not installed on this machine/,
      /No interpreter found for (?<python>Python [\d.]{1,12})/,
    ],
    message: ({ python }) =>
      `${python} is not on this machine. Choose a version that is, or install it (uv brings its own).`,
  },
  {
    code: 'python_not_supported',
    patterns: [
      /Package '(?<package>[\w.-]{1,100})' requires a different Python: (?<version>[\w.+]{1,20}) not in/,
      /the current Python version \((?<version>[\w.+]{1,20})\) does not satisfy Python/,
      /ERROR: (?:This package|Python [\w.]{1,12}).{0,80}requires Python/,
      /INCOMPATIBLE PYTHON VERSION/,
    ],
    message: ({ package: name, version }) =>
      `The environment’s Python${version ? ` ${version}` : ''} is not one that ${name ? `“${name}”` : 'a package'} supports. Choose another Python version, then rebuild the environment.`,
    remedies: [rebuild],
  },
  {
    code: 'python_syntax_error',
    patterns: [/^(?:\[rank\d+\]: )?(?<kind>SyntaxError|IndentationError|TabError): (?<what>.{1,200})/],
    message: ({ kind, what }) =>
      `Python cannot read the program (${kind}: ${what}). Mostly the environment’s Python is too old for it, or a file was changed by hand.`,
  },
  {
    code: 'python_script_missing',
    patterns: [/can't open file '(?<path>[^']{1,300})': \[Errno 2\]/],
    message: ({ path }) =>
      `The program file ${path} is not there. Its download may have failed earlier, or the application moved it in an update.`,
  },
  {
    code: 'unknown_argument',
    patterns: [/error: unrecognized arguments: (?<what>.{1,200})/, /No such option: (?<what>\S{1,100})/],
    message: ({ what }) =>
      `The application does not know these arguments: ${what}. Correct the instance’s launch arguments.`,
  },
];
