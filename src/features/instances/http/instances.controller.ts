import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Instance, Run } from '../../../contracts/instance.js';
import { DiskWatch } from '../../../core/disk/disk-watch.js';
import { AppError, invalidFields } from '../../../core/errors.js';
import { parseId } from '../../../core/http/validation.js';
import { InstanceRegistry } from '../instance-registry.js';
import { InstancesService } from '../instances.service.js';
import { TrashService } from '../trash/trash.service.js';
import { CreateInstanceDto, DeleteInstanceDto, UpdateInstanceDto } from './instances.dto.js';
import { InstanceDto, RunDto } from './instance.dto.js';
import { InstanceAddress } from './instance-address.js';
import { InstanceList } from './instance-list.js';

const NOTHING = Buffer.alloc(0);
const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the settings that were changed',
};
const COMMANDS = ['start', 'stop', 'restart', 'kill'] as const;
const STARTING = new Set<string>(['start', 'restart']);

/** `/api/instances`: settings and commands. */
@ApiTags('instances')
@Controller('api/instances')
export class InstancesController {
  constructor(
    private readonly instances: InstancesService,
    private readonly registry: InstanceRegistry,
    private readonly trash: TrashService,
    private readonly address: InstanceAddress,
    private readonly serialised: InstanceList,
    private readonly disk: DiskWatch,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All instances, in the order of the rows' })
  @ApiOkResponse({ type: [InstanceDto] })
  list(
    @Req() request: FastifyRequest,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer {
    const { body, etag } = this.serialised.for(request.client);
    const isKnown = known === etag;
    void reply.headers({ etag, 'cache-control': 'no-cache' }).code(isKnown ? 304 : 200);
    void reply.type('application/json; charset=utf-8');
    return isKnown ? NOTHING : body;
  }

  @Post()
  @ApiOperation({ summary: 'Create an instance from a blueprint' })
  @ApiCreatedResponse({ type: InstanceDto })
  async create(
    @Body() wish: CreateInstanceDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instance> {
    return this.answer((await this.instances.create(wish)).id, request, reply);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One instance, with an ETag of its settings' })
  @ApiOkResponse({ type: InstanceDto })
  get(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Instance {
    return this.answer(parseId(id), request, reply);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change some settings; restarts nothing' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ type: InstanceDto })
  async patch(
    @Param('id') id: string,
    @Body() wish: UpdateInstanceDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instance> {
    const number = parseId(id);
    await this.instances.update(number, wish, expectedRevision(ifMatch));
    return this.answer(number, request, reply);
  }

  @Put(':id')
  @ApiOperation({ summary: 'The same as PATCH' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ type: InstanceDto })
  put(
    @Param('id') id: string,
    @Body() wish: UpdateInstanceDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instance> {
    return this.patch(id, wish, ifMatch, request, reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Move to the trash can, or delete for ever with mode=permanent' })
  @ApiQuery({ name: 'mode', required: false, enum: ['trash', 'permanent'], description: 'Or in the body' })
  @ApiQuery({
    name: 'overwrite',
    required: false,
    description: 'true: replace an entry of the same name in the trash can',
  })
  @ApiBody({ type: DeleteInstanceDto, required: false })
  @ApiNoContentResponse()
  async remove(
    @Param('id') id: string,
    @Query('mode') mode: string | undefined,
    @Query('overwrite') overwrite: string | undefined,
    @Body() body: DeleteInstanceDto | undefined,
  ): Promise<void> {
    const chosen = mode ?? body?.mode ?? 'trash';
    if (chosen !== 'trash' && chosen !== 'permanent')
      throw invalidFields({ mode: 'It is trash or permanent.' });
    const isOverwrite = body?.overwrite ?? (overwrite === 'true' || overwrite === '1');
    await this.trash.remove(parseId(id), chosen, isOverwrite);
  }

  @Post(':id/:command')
  @HttpCode(202)
  @ApiOperation({ summary: 'start, stop, restart or kill; the state then moves by events' })
  @ApiParam({ name: 'command', enum: COMMANDS })
  @ApiAcceptedResponse({ type: InstanceDto })
  async command(
    @Param('id') id: string,
    @Param('command') word: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instance> {
    const command = COMMANDS.find((known) => known === word);
    if (command === undefined)
      throw new AppError('not_found', 'NO_SUCH_ROUTE', 'There is nothing at this address.');
    const number = parseId(id);
    const supervisor = this.registry.get(number);
    // A start must be noted before it is made, and a restart must not end what it cannot start again.
    if (STARTING.has(command)) await this.disk.requireRoom();
    await supervisor.command(command);
    return this.answer(number, request, reply);
  }

  @Get(':id/runs')
  @ApiOperation({ summary: 'Its runs, newest first' })
  @ApiOkResponse({ type: [RunDto] })
  runs(@Param('id') id: string): Promise<Run[]> {
    return this.instances.runs(parseId(id));
  }

  private answer(id: number, request: FastifyRequest, reply: FastifyReply): Instance {
    void reply.header('etag', `"${this.instances.revision(id)}"`);
    return this.address.localise(this.instances.get(id), request.client);
  }
}

/** @returns the revision of an `If-Match`, null when it may be any */
function expectedRevision(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  const match = /^"(\d{1,15})"$/.exec(ifMatch.trim());
  // An ETag that was never given out matches nothing.
  return match === null ? -1 : Number(match[1]);
}
