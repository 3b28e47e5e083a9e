import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { VersionCheck } from '../../../contracts/versions.js';
import { abortOnLeave } from '../../../core/http/abort-on-leave.js';
import { parseId } from '../../../core/http/validation.js';
import { VersionCheckService } from '../version-check.service.js';
import { VersionCheckDto } from './versions.dto.js';

/** `/api/instances/{id}/version-check`. */
@ApiTags('instances')
@Controller('api/instances/:id/version-check')
export class VersionsController {
  constructor(private readonly versions: VersionCheckService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'What is installed in the environment of an instance, and what does not fit together',
    description:
      'Takes up to two minutes (504 after that); it is ended when the client does not wait for it.',
  })
  @ApiOkResponse({ type: VersionCheckDto })
  check(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<VersionCheck> {
    return this.versions.check(parseId(id), abortOnLeave(reply));
  }
}
