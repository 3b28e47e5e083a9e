import type { InstanceEnvironment, UpdateCheck } from '../../../src/contracts/environment.js';
import { Emitter } from '../base/observable.js';
import type { Api } from '../net/api.js';
import { EnvironmentApi } from '../net/environment-api.js';

/** What instances were installed from, and what is new, as last asked. */
export class EnvironmentStore {
  private readonly environments = new Map<number, InstanceEnvironment>();
  private readonly checks = new Map<number, UpdateCheck>();
  /** Fires with an instance's id. */
  readonly changed = new Emitter<number>();

  constructor(private readonly api: Pick<EnvironmentApi, 'environment' | 'checkUpdates'>) {}

  environment(id: number): InstanceEnvironment | null {
    return this.environments.get(id) ?? null;
  }

  check(id: number): UpdateCheck | null {
    return this.checks.get(id) ?? null;
  }

  /** @throws ApiError; what was known stays */
  async load(id: number): Promise<void> {
    const environment = await this.api.environment(id);
    const before = this.environments.get(id)?.record?.finished_at;
    // What was new before an installation is not new after it.
    if (before !== undefined && before !== environment.record?.finished_at) this.checks.delete(id);
    this.environments.set(id, environment);
    this.changed.fire(id);
  }

  /** Asks other servers, which takes its time. @throws ApiError */
  async checkUpdates(id: number, signal: AbortSignal): Promise<UpdateCheck> {
    const check = await this.api.checkUpdates(id, signal);
    this.checks.set(id, check);
    this.changed.fire(id);
    return check;
  }
}

const stores = new WeakMap<Api, EnvironmentStore>();

/** The one of a page. Made when somebody needs it: most visits look at no environment. */
export function environmentsOf(api: Api): EnvironmentStore {
  const store = stores.get(api) ?? new EnvironmentStore(new EnvironmentApi(api));
  stores.set(api, store);
  return store;
}
