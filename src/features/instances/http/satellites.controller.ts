import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Instance } from '../../../contracts/instance.js';
import { parseId } from '../../../core/http/validation.js';
import { SatellitesService } from '../creation/satellites.service.js';
import { InstanceAnswers } from './instance-answers.js';
import { InstanceDto } from './instance.dto.js';
import { InstantiateDto } from './satellites.dto.js';

/** `/api/instances/{id}/instantiate`. */
@ApiTags('instances')
@Controller('api/instances/:id/instantiate')
export class SatellitesController {
  constructor(
    private readonly satellites: SatellitesService,
    private readonly answers: InstanceAnswers,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make a satellite: an instance that works with the files and the environment of this one',
    description:
      'It has a name, GPUs, ports, outputs and a log of its own. One of a satellite becomes one of its parent.',
  })
  @ApiCreatedResponse({ type: InstanceDto })
  async instantiate(
    @Param('id') id: string,
    @Body() wish: InstantiateDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instance> {
    const { id: made } = await this.satellites.instantiate(parseId(id), wish);
    return this.answers.one(made, request, reply);
  }
}
