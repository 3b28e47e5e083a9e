import type { LogHit, LogSearchResult } from '../../../contracts/instance.js';
import { AppError } from '../../../core/errors.js';
import { listOldSegments } from '../../instances/instances.api.js';
import type { InstanceRow } from '../../instances/instances.api.js';
import type { LogReader } from '../log-reader.js';
import { Needle } from './needle.js';
import { BLOCK_BYTES, RunScan } from './run-scan.js';
import { nextOf } from './search-query.js';
import type { SearchQuery, SearchStart } from './search-query.js';
import { Turnstile } from '../../../core/turnstile.js';

/** A request that takes longer looks hung; what is left is another request's. */
const TIME_LIMIT_MS = 2000;
const AT_A_TIME = 2;
const MAX_WAITING = 32;

const NOBODY_WAITS: LogSearchResult = { hits: [], is_complete: false, next: null, searched_bytes: 0 };

/** What an answer has so far. */
interface Progress {
  hits: LogHit[];
  searchedBytes: number;
  endMs: number;
}

/**
 * Looks for a literal text in an instance's logs: the newest run first, each from its beginning on, because what happened first is
 * mostly the cause of the rest.
 */
export class LogSearch {
  private readonly turnstile = new Turnstile(AT_A_TIME, MAX_WAITING);

  constructor(private readonly reader: LogReader) {}

  /**
   * @param signal nobody waits for the answer any more
   * @throws AppError `not_found` when the run that is asked for is not kept, `rate_limited`
   */
  async search(row: InstanceRow, query: SearchQuery, signal: AbortSignal): Promise<LogSearchResult> {
    if (this.turnstile.isFull)
      throw new AppError(
        'rate_limited',
        'SEARCH_BUSY',
        'Too many searches are under way. Try again in a moment.',
      );
    const answer = await this.turnstile.run(() => this.searchRuns(row, query, signal), signal);
    return answer ?? NOBODY_WAITS;
  }

  private async searchRuns(
    row: InstanceRow,
    query: SearchQuery,
    signal: AbortSignal,
  ): Promise<LogSearchResult> {
    const needle = new Needle(query.text, query.isCaseSensitive);
    const buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    const progress: Progress = { hits: [], searchedBytes: 0, endMs: performance.now() + TIME_LIMIT_MS };
    let next: SearchStart | null = null;
    for (const run of await this.runsFor(row, query)) {
      const isOver =
        progress.hits.length >= query.limit || performance.now() >= progress.endMs || signal.aborted;
      const start = query.from?.run === run ? query.from : { run, offset: 0, lineOffset: 0 };
      next = isOver ? start : await this.searchRun(row, query, start, { needle, buffer, progress, signal });
      if (next !== null) break;
    }
    return {
      hits: progress.hits,
      is_complete: next === null,
      next: next === null ? null : nextOf(next),
      searched_bytes: progress.searchedBytes,
    };
  }

  /** @returns where to go on in this run; null when it was searched to its end */
  private async searchRun(
    row: InstanceRow,
    query: SearchQuery,
    start: SearchStart,
    tools: { needle: Needle; buffer: Buffer; progress: Progress; signal: AbortSignal },
  ): Promise<SearchStart | null> {
    const { progress, signal } = tools;
    const log = await this.reader.open(row, start.run).catch((error: unknown) => {
      // Of all runs one may be dropped while they are searched.
      if (query.run === null && error instanceof AppError && error.kind === 'not_found') return null;
      throw error;
    });
    if (log === null) return null;
    try {
      const { offset, lineOffset } = start;
      const scan = new RunScan(start.run, log, tools.needle, tools.buffer, { offset, lineOffset });
      while (!scan.isDone) {
        if (progress.hits.length >= query.limit || performance.now() >= progress.endMs || signal.aborted)
          return { run: start.run, ...scan.position };
        const searchedBefore = scan.searchedBytes;
        progress.hits.push(...(await scan.next(query.limit - progress.hits.length)));
        progress.searchedBytes += scan.searchedBytes - searchedBefore;
      }
      return null;
    } finally {
      await log.close();
    }
  }

  /** The numbers of the runs to search, newest first. */
  private async runsFor(row: InstanceRow, query: SearchQuery): Promise<number[]> {
    if (query.run !== null) return [query.run];
    const old = await listOldSegments(this.reader.paths, row.name);
    const kept = new Set([row.run, ...old.map(({ run }) => run)]);
    const newest = Math.min(row.run, query.from?.run ?? row.run);
    return [...kept].filter((run) => run <= newest).sort((a, b) => b - a);
  }
}
