import type { Blueprint, BlueprintSource } from '../../../src/contracts/blueprint.js';
import type {
  InstanceScript,
  SavedScript,
  ScriptBlueprint,
  ScriptCheck,
  ScriptHistory,
  ScriptSave,
  ScriptVersion,
  ScriptVersionContent,
} from '../../../src/contracts/script.js';
import type { VersionCheck } from '../../../src/contracts/versions.js';
import type { Api } from './api.js';
import type { HttpRequest } from './http.js';

/** The server gives up after 120 s and says so itself. */
const VERSIONS_TIMEOUT_MS = 150_000;

/** Calls about scripts, their versions and the blueprints they come from. Each throws ApiError. */
export class ScriptApi {
  constructor(private readonly api: Pick<Api, 'call'>) {}

  script(id: number): Promise<InstanceScript> {
    return this.data({ path: scriptPath(id) });
  }

  saveScript(id: number, body: ScriptSave, etag: string | null): Promise<SavedScript> {
    return this.data({ method: 'PUT', path: scriptPath(id), body, ifMatch: etag });
  }

  blueprintOf(id: number): Promise<ScriptBlueprint> {
    return this.data({ path: `${scriptPath(id)}/blueprint` });
  }

  /** The blueprint's present version takes the place of the script, whose history keeps what was. */
  takeBlueprint(id: number, etag: string | null): Promise<SavedScript> {
    return this.data({ method: 'POST', path: `${scriptPath(id)}/restore`, ifMatch: etag });
  }

  async history(id: number): Promise<ScriptVersion[]> {
    return (await this.data<ScriptHistory>({ path: `${scriptPath(id)}/history` })).versions;
  }

  version(id: number, version: number): Promise<ScriptVersionContent> {
    return this.data({ path: `${scriptPath(id)}/history/${String(version)}` });
  }

  check(content: string, signal: AbortSignal): Promise<ScriptCheck> {
    return this.data({ method: 'POST', path: '/api/scripts/check', body: { content }, signal });
  }

  /** It takes up to two minutes. Whoever leaves ends it. */
  checkVersions(id: number, signal: AbortSignal): Promise<VersionCheck> {
    return this.data({
      method: 'POST',
      path: `/api/instances/${String(id)}/version-check`,
      signal,
      timeoutMs: VERSIONS_TIMEOUT_MS,
    });
  }

  blueprint(origin: Blueprint['origin'], filename: string): Promise<BlueprintSource> {
    return this.data({ path: blueprintPath(origin, filename) });
  }

  createBlueprint(filename: string, content: string): Promise<Blueprint> {
    return this.data({
      method: 'POST',
      path: '/api/system/blueprints/custom',
      body: { filename, content },
    });
  }

  /** @returns the new tag */
  async replaceBlueprint(filename: string, content: string, etag: string | null): Promise<string | null> {
    const path = blueprintPath('custom', filename);
    return (await this.api.call({ method: 'PUT', path, body: { content }, ifMatch: etag })).etag;
  }

  renameBlueprint(filename: string, to: string): Promise<Blueprint> {
    const path = `${blueprintPath('custom', filename)}/rename`;
    return this.data({ method: 'POST', path, body: { filename: to } });
  }

  async deleteBlueprint(filename: string): Promise<void> {
    await this.api.call({ method: 'DELETE', path: blueprintPath('custom', filename) });
  }

  private async data<T>(call: HttpRequest): Promise<T> {
    return (await this.api.call(call)).data as T;
  }
}

function scriptPath(id: number): string {
  return `/api/instances/${String(id)}/script`;
}

function blueprintPath(origin: Blueprint['origin'], filename: string): string {
  return `/api/system/blueprints/${origin}/${encodeURIComponent(filename)}`;
}
