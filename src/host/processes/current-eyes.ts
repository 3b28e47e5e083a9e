import { DirectEyes } from './direct-eyes.js';
import { LookEyes } from './look-eyes.js';
import type { ProcessEyes } from './process-eyes.js';
import { currentSeparation } from './separation.js';

/** The eyes for processes of applications, and for this process's own. */
export function processEyes(): ProcessEyes {
  const separation = currentSeparation();
  const direct = new DirectEyes();
  return separation === null ? direct : new LookEyes(separation.binary, direct);
}
