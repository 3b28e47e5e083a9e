import { createHash } from 'node:crypto';
import type { LogSearchResult, LogSlice } from '../../src/contracts/instance.js';
import { TOKEN } from './aikore-process.js';
import type { AiKoreProcess } from './aikore-process.js';

/** A log that was downloaded, without keeping it. */
export interface Downloaded {
  status: number;
  headers: Headers;
  sizeBytes: number;
  sha256: string;
}

/** Asks one AiKore for logs. */
export class LogClient {
  constructor(private readonly aikore: AiKoreProcess) {}

  slice(id: number, query = ''): Promise<LogSlice> {
    return this.aikore.api.expect(200, 'GET', `api/instances/${id}/logs${query}`);
  }

  search(id: number, query: Record<string, string>): Promise<LogSearchResult> {
    const text = new URLSearchParams(query).toString();
    return this.aikore.api.expect(200, 'GET', `api/instances/${id}/logs/search?${text}`);
  }

  request(id: number, query = '', method = 'GET'): Promise<Response> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return fetch(`${this.aikore.dashboardUrl}api/instances/${id}/logs/download${query}`, { method, headers });
  }

  async download(id: number, query = ''): Promise<Downloaded> {
    const answer = await this.request(id, query);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const piece of answer.body ?? []) {
      hash.update(piece as Uint8Array);
      sizeBytes += (piece as Uint8Array).length;
    }
    return { status: answer.status, headers: answer.headers, sizeBytes, sha256: hash.digest('hex') };
  }

  /** All of a log, piece by piece. @param limit in bytes */
  async readAll(id: number, limit: number, query = ''): Promise<string> {
    let text = '';
    for (let offset = 0; ;) {
      const piece = await this.slice(id, `?offset=${offset}&limit=${limit}${query}`);
      if (piece.next_offset <= offset) return text;
      text += piece.content;
      offset = piece.next_offset;
    }
  }
}

export function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
