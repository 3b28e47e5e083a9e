import type { Instance } from '../../../src/contracts/instance.js';
import type {
  Archive,
  InstanceCopy,
  InstanceExport,
  InstanceInstantiate,
  Operation,
} from '../../../src/contracts/operation.js';
import type { Api } from './api.js';

/** The calls of clones, satellites, exports, imports and archives. Each throws ApiError. */
export class TransferApi {
  constructor(private readonly api: Pick<Api, 'data' | 'call'>) {}

  clone(id: number, body: InstanceCopy): Promise<Operation> {
    return this.api.data({ method: 'POST', path: `/api/instances/${String(id)}/copy`, body });
  }

  addSatellite(id: number, body: InstanceInstantiate): Promise<Instance> {
    return this.api.data({ method: 'POST', path: `/api/instances/${String(id)}/instantiate`, body });
  }

  exportInstance(id: number, body: InstanceExport): Promise<Operation> {
    return this.api.data({ method: 'POST', path: `/api/instances/${String(id)}/export`, body });
  }

  importArchive(file: string, newName: string): Promise<Operation> {
    return this.api.data({
      method: 'POST',
      path: `${archivePath(file)}/import`,
      body: { new_name: newName },
    });
  }

  /** Cancels one that is under way, or forgets one that has ended. */
  async endOperation(id: string): Promise<void> {
    await this.api.call({ method: 'DELETE', path: `/api/operations/${encodeURIComponent(id)}` });
  }

  archives(): Promise<Archive[]> {
    return this.api.data({ path: '/api/archives' });
  }

  async deleteArchive(file: string): Promise<void> {
    await this.api.call({ method: 'DELETE', path: archivePath(file) });
  }
}

/** Where an archive is downloaded from and uploaded to. */
export function archivePath(file: string): string {
  return `/api/archives/${encodeURIComponent(file)}`;
}
