import { AppError } from '../../core/errors.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { SetupWishes } from './setup-wishes.js';

const DEED = 'rebuilding the environment of';

/** Has environments built anew. */
export class RebuildService {
  constructor(
    private readonly registry: InstanceRegistry,
    private readonly wishes: SetupWishes,
  ) {}

  /**
   * What runs is restarted, what failed is started, what was stopped waits for its next start.
   * @param isClean caches of what was downloaded are passed by, too
   * @throws AppError `invalid` when its blueprint has no environment; `conflict` while it is being stopped, or another one
   * uses the same environment
   */
  async rebuild(id: number, isClean = false): Promise<void> {
    this.wishes.requireReady(id, DEED);
    if (!(await this.wishes.canRebuild(id))) throw noEnvironment(this.registry.get(id).row);
    await this.wishes.wish(id, isClean ? 'clean' : 'rebuild', DEED);
  }
}

function noEnvironment({ name }: { name: string }): AppError {
  return new AppError(
    'invalid',
    'NO_ENVIRONMENT',
    `${name} has no environment that AiKore knows of: its script declares none (aikore.venv_path).`,
  );
}
