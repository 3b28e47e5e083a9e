import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ScriptCheck } from '../../../contracts/script.js';
import { abortOnLeave } from '../../../core/http/abort-on-leave.js';
import { ScriptChecker } from '../checks/script-checker.js';
import { CheckScriptDto, ScriptCheckDto } from './scripts.dto.js';

/** `/api/scripts/check`. */
@ApiTags('scripts')
@Controller('api/scripts')
export class ChecksController {
  constructor(private readonly checker: ScriptChecker) {}

  @Post('check')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'What is wrong with a script: by its grammar, by ShellCheck where that is installed, by its metadata',
    description: 'Nothing of the script is run.',
  })
  @ApiOkResponse({ type: ScriptCheckDto })
  check(@Body() body: CheckScriptDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<ScriptCheck> {
    return this.checker.check(body.content, abortOnLeave(reply));
  }
}
