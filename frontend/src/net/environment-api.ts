import type {
  InstanceEnvironment,
  InstanceRebuild,
  InstanceUpdateRequest,
  UpdateCheck,
} from '../../../src/contracts/environment.js';
import type { Api } from './api.js';

/** The server gives up after a minute for what it asks of others, and says so itself. */
const UPDATE_CHECK_TIMEOUT_MS = 120_000;

/** The calls about what instances are installed from. Each throws ApiError. */
export class EnvironmentApi {
  constructor(private readonly api: Pick<Api, 'data' | 'call'>) {}

  environment(id: number): Promise<InstanceEnvironment> {
    return this.api.data({ path: `${instancePath(id)}/environment` });
  }

  /** It asks other servers and takes up to a minute. Whoever leaves ends it. */
  checkUpdates(id: number, signal: AbortSignal): Promise<UpdateCheck> {
    const path = `${instancePath(id)}/update-check`;
    return this.api.data({ method: 'POST', path, signal, timeoutMs: UPDATE_CHECK_TIMEOUT_MS });
  }

  /** Its next start, which follows at once unless it rests, brings the newest of what it follows. */
  async update(id: number, body: InstanceUpdateRequest): Promise<void> {
    await this.api.call({ method: 'POST', path: `${instancePath(id)}/update`, body });
  }

  /** Its environment is built anew at its next start, which follows at once unless it rests. */
  async rebuild(id: number, body: InstanceRebuild): Promise<void> {
    await this.api.call({ method: 'POST', path: `${instancePath(id)}/rebuild`, body });
  }
}

function instancePath(id: number): string {
  return `/api/instances/${String(id)}`;
}
