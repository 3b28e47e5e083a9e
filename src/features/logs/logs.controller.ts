import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LogSearchResult, LogSlice } from '../../contracts/instance.js';
import type { KeptLog, LogTimes } from '../../contracts/logs.js';
import { AppError, invalidFields } from '../../core/errors.js';
import { parseId } from '../../core/http/validation.js';
import { InstanceRegistry } from '../instances/instances.api.js';
import type { InstanceRow } from '../instances/instances.api.js';
import { downloadOfAll, keptLogs } from './kept-logs.js';
import { downloadOf } from './log-download.js';
import { LogReader } from './log-reader.js';
import { placeAt, timesOf } from './log-times.js';
import { LogSearch } from './search/log-search.js';
import { readSearchQuery } from './search/search-query.js';
import { KeptLogDto, LogSearchResultDto, LogSliceDto, LogTimesDto } from './logs.dto.js';

const DEFAULT_LIMIT_BYTES = 256 * 1024;
const MAX_LIMIT_BYTES = 4 * 1024 * 1024;
/** A piece is cut at whole characters, which have up to four bytes: with less, nobody would get on. */
const MIN_LIMIT_BYTES = 4;

/** `/api/instances/{id}/logs`. */
@ApiTags('logs')
@Controller('api/instances/:id/logs')
export class LogsController {
  constructor(
    private readonly registry: InstanceRegistry,
    private readonly reader: LogReader,
    private readonly finder: LogSearch,
  ) {}

  @Get()
  @ApiOperation({ summary: 'A piece of the log; offsets are bytes, a negative one counts from the end' })
  @ApiQuery({
    name: 'offset',
    required: false,
    description: 'Bytes of the run; what is not kept is left out',
  })
  @ApiQuery({ name: 'limit', required: false, description: 'Most bytes of the answer' })
  @ApiQuery({ name: 'run', required: false, description: 'Number of the run; the latest when absent' })
  @ApiOkResponse({ type: LogSliceDto })
  slice(
    @Param('id') id: string,
    @Query('offset') offset?: string,
    @Query('limit') limit?: string,
    @Query('run') run?: string,
  ): Promise<LogSlice> {
    const { row } = this.registry.get(parseId(id));
    const wanted = wholeNumber('limit', limit, DEFAULT_LIMIT_BYTES, 1);
    const limitBytes = Math.max(MIN_LIMIT_BYTES, Math.min(wanted, MAX_LIMIT_BYTES));
    const offsetBytes = wholeNumber('offset', offset, 0, Number.MIN_SAFE_INTEGER);
    return this.reader.slice(row, offsetBytes, limitBytes, wholeNumber('run', run, row.run, 0));
  }

  @Get('runs')
  @ApiOperation({ summary: 'The runs whose log is kept, newest first' })
  @ApiOkResponse({ type: [KeptLogDto] })
  runs(@Param('id') id: string): Promise<KeptLog[]> {
    return keptLogs(this.reader, this.registry.get(parseId(id)).row);
  }

  @Get('times')
  @ApiOperation({ summary: 'When a stretch of the log was printed, or where the log stood at a moment' })
  @ApiQuery({ name: 'offset', required: false, description: 'Bytes of the run' })
  @ApiQuery({ name: 'limit', required: false, description: 'Length of the stretch in bytes' })
  @ApiQuery({ name: 'at', required: false, description: 'Milliseconds since 1970, instead of a stretch' })
  @ApiQuery({ name: 'run', required: false, description: 'Number of the run; the latest when absent' })
  @ApiOkResponse({ type: LogTimesDto })
  times(
    @Param('id') id: string,
    @Query('offset') offset?: string,
    @Query('limit') limit?: string,
    @Query('at') at?: string,
    @Query('run') run?: string,
  ): Promise<LogTimes> {
    const { row } = this.registry.get(parseId(id));
    const number = wholeNumber('run', run, row.run, 0);
    if (at !== undefined) return placeAt(this.reader.paths, row, number, wholeNumber('at', at, 0, 0));
    const fromBytes = wholeNumber('offset', offset, 0, 0);
    const toBytes = fromBytes + wholeNumber('limit', limit, DEFAULT_LIMIT_BYTES, 1);
    return timesOf(this.reader.paths, row, number, { fromBytes, toBytes });
  }

  @Get('search')
  @ApiOperation({
    summary: 'Lines that hold a text',
    description:
      'Newest run first, each from its beginning on. An answer ends at its limit of hits or after two seconds; `next` says where to go on.',
  })
  @ApiQuery({ name: 'q', description: 'A literal text of 1 to 200 characters' })
  @ApiQuery({ name: 'case', required: false, description: '1: upper and lower case differ' })
  @ApiQuery({ name: 'run', required: false, description: 'Only this run; all that are kept when absent' })
  @ApiQuery({ name: 'limit', required: false, description: 'Most hits of the answer, 1 to 1000' })
  @ApiQuery({ name: 'from', required: false, description: '`next` of the answer before' })
  @ApiQuery({ name: 'brief', required: false, description: '1: places only, without the text of the lines' })
  @ApiOkResponse({ type: LogSearchResultDto })
  search(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LogSearchResult> {
    const { row } = this.registry.get(parseId(id));
    const wish = readSearchQuery(query);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return this.finder.search(row, wish, gone.signal);
  }

  @Get('download')
  @ApiOperation({ summary: 'All of the log that is kept, byte for byte' })
  @ApiQuery({
    name: 'run',
    required: false,
    description: 'Number of the run, or `all`; the latest when absent',
  })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async download(
    @Param('id') id: string,
    @Query('run') run: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { row } = this.registry.get(parseId(id));
    if (run === 'all') return this.downloadAll(row, request, reply);
    const number = wholeNumber('run', run, row.run, 0);
    const log = await this.reader.open(row, number);
    if (log === null) throw new AppError('not_found', 'NO_LOG', `${row.name} has not written a log yet.`);
    const { sizeBytes, offset, stream } = await downloadOf(log);
    const part = offset > 0 ? `-from-${offset}` : '';
    void reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename="${row.slug}-run-${number}${part}.log"`)
      .header('content-length', sizeBytes);
    const isBodyWanted = request.method !== 'HEAD';
    if (!isBodyWanted) stream.destroy();
    await reply.send(isBodyWanted ? stream : Readable.from([]));
  }

  private async downloadAll(row: InstanceRow, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (row.run === 0) throw new AppError('not_found', 'NO_LOG', `${row.name} has not written a log yet.`);
    void reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename="${row.slug}-all-runs.log"`);
    await reply.send(request.method === 'HEAD' ? Readable.from([]) : downloadOfAll(this.reader, row));
  }
}

/** Reads a query value. @throws AppError `invalid` */
function wholeNumber(name: string, text: string | undefined, fallback: number, min: number): number {
  if (text === undefined) return fallback;
  const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min) return number;
  throw invalidFields({ [name]: 'It must be a whole number.' });
}
