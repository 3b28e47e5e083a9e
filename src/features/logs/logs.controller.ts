import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { LogSlice } from '../../contracts/instance.js';
import { AppError, invalidFields } from '../../core/errors.js';
import { parseId } from '../../core/http/validation.js';
import { openRegularFile } from '../../host/files/regular-file.js';
import { InstanceRegistry } from '../instances/instances.api.js';
import { LogReader } from './log-reader.js';

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
  ) {}

  @Get()
  @ApiOperation({ summary: 'A piece of the log; offsets are bytes, a negative one counts from the end' })
  @ApiQuery({ name: 'offset', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'run', required: false })
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

  @Get('download')
  @ApiOperation({ summary: 'The whole log, byte for byte' })
  @ApiQuery({ name: 'run', required: false })
  async download(
    @Param('id') id: string,
    @Query('run') run: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { row } = this.registry.get(parseId(id));
    const number = wholeNumber('run', run, row.run, 0);
    const log = await openRegularFile(await this.reader.pathOf(row, number));
    if (log === null) throw new AppError('not_found', 'NO_LOG', `${row.name} has not written a log yet.`);
    const { file, sizeBytes } = log;
    void reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename="${row.slug}-run-${number}.log"`)
      .header('content-length', sizeBytes);
    if (sizeBytes === 0) {
      await file.close();
      await reply.send('');
      return;
    }
    // The log may grow meanwhile; what is announced is what is sent. The stream closes the file at its end.
    await reply.send(file.createReadStream({ start: 0, end: sizeBytes - 1 }));
  }
}

/** Reads a query value. @throws AppError `invalid` */
function wholeNumber(name: string, text: string | undefined, fallback: number, min: number): number {
  if (text === undefined) return fallback;
  const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min) return number;
  throw invalidFields({ [name]: 'It must be a whole number.' });
}
