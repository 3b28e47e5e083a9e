import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Instance } from '../../../contracts/instance.js';
import { DiskWatch } from '../../../core/disk/disk-watch.js';
import { parseId } from '../../../core/http/validation.js';
import { RebuildService } from '../rebuild.service.js';
import { InstanceAnswers } from './instance-answers.js';
import { InstanceDto } from './instance.dto.js';
import { RebuildDto } from './rebuild.dto.js';

/** `/api/instances/{id}/rebuild`. */
@ApiTags('instances')
@Controller('api/instances/:id/rebuild')
export class RebuildController {
  constructor(
    private readonly rebuilds: RebuildService,
    private readonly answers: InstanceAnswers,
    private readonly disk: DiskWatch,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Have the environment built anew by the next start',
    description: 'What runs is restarted, what failed is started; what was stopped waits for its next start.',
  })
  @ApiBody({ type: RebuildDto, required: false })
  @ApiAcceptedResponse({ type: InstanceDto })
  async rebuild(
    @Param('id') id: string,
    @Body() body: RebuildDto = {},
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instance> {
    const number = parseId(id);
    // A restart must not end what it cannot start again.
    await this.disk.requireRoom();
    await this.rebuilds.rebuild(number, body.clean ?? false);
    return this.answers.one(number, request, reply);
  }
}
