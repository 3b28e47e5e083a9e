import type { PythonChoices } from '../../../../src/contracts/environment.js';
import type { Api } from '../../net/api.js';

/** Which Pythons this machine can have, once it has said so. */
export class PythonKnowledge {
  known: PythonChoices | null = null;

  constructor(private readonly api: Pick<Api, 'data'>) {}

  /** Null when it cannot be asked for: a form does without, and takes any version that is one. */
  async ask(): Promise<PythonChoices | null> {
    try {
      this.known = await this.api.data<PythonChoices>({ path: '/api/system/pythons' });
    } catch {
      this.known = null;
    }
    return this.known;
  }
}
