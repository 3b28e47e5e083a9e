import { Body, Controller, Get, Headers, Param, Put, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../core/auth/fastify-request.js';
import { AppError } from '../../../core/errors.js';
import { readIfMatch } from '../../../core/http/if-match.js';
import { isTrue, parseId } from '../../../core/http/validation.js';
import { ScriptsService } from '../scripts.service.js';
import { OriginalFileDto, OriginalSaveDto, SaveScriptDto } from './scripts.dto.js';

const FILE_TYPE = { name: 'file_type', description: 'script', example: 'script' };

/** Where the original AiKore had an instance's script, for what was written for that. */
@ApiTags('scripts')
@Controller('api/instances/:id/file')
export class OriginalFileController {
  constructor(private readonly scripts: ScriptsService) {}

  @Get()
  @ApiOperation({ summary: 'The script of an instance, as the original AiKore answers', deprecated: true })
  @ApiQuery(FILE_TYPE)
  @ApiOkResponse({ type: OriginalFileDto })
  async read(
    @Param('id') id: string,
    @Query('file_type') type: string | undefined,
  ): Promise<{ content: string }> {
    requireScript(type);
    return { content: (await this.scripts.read(parseId(id))).content };
  }

  @Put()
  @ApiOperation({
    summary: 'Save the script; without If-Match whatever is there is replaced',
    deprecated: true,
  })
  @ApiQuery(FILE_TYPE)
  @ApiQuery({ name: 'restart', required: false })
  @ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of what may be replaced' })
  @ApiOkResponse({ type: OriginalSaveDto })
  async save(
    @Param('id') id: string,
    @Query('file_type') type: string | undefined,
    @Query('restart') restart: string | undefined,
    @Body() body: SaveScriptDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<{ ok: true; detail: string }> {
    requireScript(type);
    const saved = await this.scripts.save(parseId(id), body.content, {
      guard: readIfMatch(ifMatch),
      isRestartWanted: body.restart ?? isTrue(restart),
      actor: callerOf(request).actor,
    });
    return { ok: true, detail: ['The script was saved.', ...saved.notes].join(' ') };
  }
}

function requireScript(type: string | undefined): void {
  if (type === 'script') return;
  throw new AppError('malformed', 'UNKNOWN_FILE_TYPE', 'file_type must be "script".');
}
