import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InstanceEnvironment, UpdateCheck } from '../../../contracts/environment.js';
import type { Instance } from '../../../contracts/instance.js';
import { DiskWatch } from '../../../core/disk/disk-watch.js';
import { abortOnLeave } from '../../../core/http/abort-on-leave.js';
import { parseId } from '../../../core/http/validation.js';
import { InstanceAnswers, InstanceDto } from '../../instances/instances.api.js';
import { EnvironmentsService } from '../environments.service.js';
import { UpdateCheckService } from '../updates/update-check.service.js';
import { UpdateService } from '../updates/update.service.js';
import { InstanceEnvironmentDto } from './environment.dto.js';
import { UpdateCheckDto, UpdateRequestDto } from './updates.dto.js';

/** What an instance's environment was made from, and bringing it up to date. */
@ApiTags('instances')
@Controller('api/instances/:id')
export class EnvironmentsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly checks: UpdateCheckService,
    private readonly updates: UpdateService,
    private readonly answers: InstanceAnswers,
    private readonly disk: DiskWatch,
  ) {}

  @Get('environment')
  @ApiOperation({ summary: 'What its environment was made from, and what the next start does with it' })
  @ApiOkResponse({ type: InstanceEnvironmentDto })
  environment(@Param('id') id: string): Promise<InstanceEnvironment> {
    return this.environments.of(parseId(id));
  }

  @Post('update-check')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What an update would bring: commits of its repositories, a newer version of its package',
    description:
      'Asks remotes and registries, for a minute at most; what cannot be asked has a sentence in `problem`. Changes nothing; it is ended when the client does not wait for it.',
  })
  @ApiOkResponse({ type: UpdateCheckDto })
  check(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<UpdateCheck> {
    return this.checks.check(parseId(id), abortOnLeave(reply));
  }

  @Post('update')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Have the next start bring it up to date',
    description: 'What runs is restarted, what failed is started; what was stopped waits for its next start.',
  })
  @ApiBody({ type: UpdateRequestDto, required: false })
  @ApiAcceptedResponse({ type: InstanceDto })
  async update(
    @Param('id') id: string,
    @Body() body: UpdateRequestDto = {},
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instance> {
    const number = parseId(id);
    // A restart must not end what it cannot start again.
    await this.disk.requireRoom();
    await this.updates.update(number, body.variables ?? {});
    return this.answers.one(number, request, reply);
  }
}
