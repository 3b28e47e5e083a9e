import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { Archive, Operation } from '../../../contracts/operation.js';
import { DiskWatch } from '../../../core/disk/disk-watch.js';
import { AppError } from '../../../core/errors.js';
import { downloadOf } from '../archive-download.js';
import { ArchiveStore } from '../archive-store.js';
import { ArchiveUpload } from '../archive-upload.js';
import { Importing } from '../importing.js';
import { ArchiveDto, ArchiveImportDto, OperationDto } from './transfers.dto.js';

/** `/api/archives`: instances in one file each. */
@ApiTags('archives')
@Controller('api/archives')
export class ArchivesController {
  constructor(
    private readonly archives: ArchiveStore,
    private readonly uploads: ArchiveUpload,
    private readonly importing: Importing,
    private readonly disk: DiskWatch,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All archives, the newest first' })
  @ApiOkResponse({ type: [ArchiveDto] })
  list(): Promise<Archive[]> {
    return this.archives.list();
  }

  @Put(':file')
  @HttpCode(201)
  @ApiOperation({ summary: 'Store an archive that is sent as it is' })
  @ApiConsumes('application/gzip', 'application/octet-stream')
  @ApiCreatedResponse({ type: ArchiveDto })
  async upload(
    @Param('file') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Archive> {
    const { body } = request;
    if (!(body instanceof Readable))
      throw new AppError(
        'unsupported_media_type',
        'NOT_AN_ARCHIVE',
        'An archive is sent as application/gzip.',
      );
    // What comes after a refusal is not waited for.
    void reply.header('connection', 'close');
    const announced = request.headers['content-length'];
    const sizeBytes = announced === undefined ? null : Number(announced);
    return this.uploads.receive({ name, sizeBytes, body });
  }

  @Get(':file')
  @ApiOperation({ summary: 'Download an archive; a broken download goes on with Range' })
  @ApiHeader({ name: 'Range', required: false })
  @ApiProduces('application/gzip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async download(
    @Param('file') name: string,
    @Headers('range') range: string | undefined,
    @Headers('if-range') ifRange: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const opened = await this.archives.open(name);
    const asked = { range, ifRange, isHead: request.method === 'HEAD' };
    const { status, headers, stream } = await downloadOf(opened, asked);
    void reply
      .code(status)
      .type('application/gzip')
      .headers(headers)
      .header('content-disposition', `attachment; filename="${name}"`);
    await reply.send(stream);
  }

  @Delete(':file')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete for ever' })
  @ApiNoContentResponse()
  remove(@Param('file') name: string): Promise<void> {
    return this.archives.remove(name);
  }

  @Post(':file/import')
  @HttpCode(202)
  @ApiOperation({ summary: 'Make an instance of it' })
  @ApiAcceptedResponse({ type: OperationDto })
  async import(@Param('file') name: string, @Body() wish: ArchiveImportDto): Promise<Operation> {
    await this.disk.requireRoom();
    return this.importing.begin(name, wish);
  }
}
