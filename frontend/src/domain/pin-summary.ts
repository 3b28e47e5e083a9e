import type { InstallPins } from '../../../src/contracts/environment.js';
import { plural } from '../base/format.js';

const LONGEST_REF = 24;

/** What of an environment is decided by its instance, in a few words. */
export function pinSummary(pins: InstallPins): string {
  const packages = pins.extra_requirements.split('\n').filter((line) => /^\s*[^\s#-]/.test(line)).length;
  const parts = [
    pins.git_ref === null ? null : `source ${shorten(pins.git_ref)}`,
    pins.python_version === null ? null : `Python ${pins.python_version}`,
    pins.torch_version === null ? null : `PyTorch ${pins.torch_version}`,
    pins.cuda_version === null ? null : `CUDA ${pins.cuda_version}`,
    packages === 0 ? null : plural(packages, 'further package'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'as the blueprint says' : parts.join(' · ');
}

function shorten(ref: string): string {
  return ref.length <= LONGEST_REF ? ref : `${ref.slice(0, LONGEST_REF - 1)}…`;
}
