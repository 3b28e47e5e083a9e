import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BlueprintMetadata } from '../../../contracts/blueprint.js';
import type {
  InstanceScript,
  SavedScript,
  ScriptBlueprint,
  ScriptHistory,
  ScriptVersionContent,
} from '../../../contracts/script.js';
import { callerOf } from '../../../core/auth/fastify-request.js';
import { AppError } from '../../../core/errors.js';
import { readIfMatch, requireIfMatch } from '../../../core/http/if-match.js';
import { isTrue, parseId } from '../../../core/http/validation.js';
import { ScriptsService } from '../scripts.service.js';
import {
  InstanceScriptDto,
  RestoreScriptDto,
  SaveScriptDto,
  SavedScriptDto,
  ScriptBlueprintDto,
  ScriptHistoryDto,
  ScriptMetadataDto,
  ScriptVersionContentDto,
} from './scripts.dto.js';

const RESTART_QUERY = { name: 'restart', required: false, description: 'true: as `restart` in the body' };

/** `/api/instances/{id}/script`. */
@ApiTags('scripts')
@Controller('api/instances/:id/script')
export class ScriptsController {
  constructor(private readonly scripts: ScriptsService) {}

  @Get()
  @ApiOperation({ summary: 'The script of an instance, with an ETag' })
  @ApiOkResponse({ type: InstanceScriptDto })
  async read(
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InstanceScript> {
    return withEtag(await this.scripts.read(parseId(id)), reply);
  }

  @Put()
  @ApiOperation({
    summary: 'Save the script; what runs goes on with what it was started with',
    description:
      'Line ends become those of Unix. Earlier versions are kept. 412 names the present ETag in its details.',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag that was changed, or *' })
  @ApiQuery(RESTART_QUERY)
  @ApiOkResponse({ type: SavedScriptDto })
  async save(
    @Param('id') id: string,
    @Body() body: SaveScriptDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Query('restart') restart: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SavedScript> {
    const number = parseId(id);
    const wish = {
      guard: requireIfMatch(ifMatch),
      isRestartWanted: body.restart ?? isTrue(restart),
      actor: callerOf(request).actor,
    };
    return withEtag(await this.scripts.save(number, body.content, wish), reply);
  }

  @Get('blueprint')
  @ApiOperation({ summary: 'The blueprint that the instance came from, as it is now' })
  @ApiOkResponse({ type: ScriptBlueprintDto })
  blueprint(@Param('id') id: string): Promise<ScriptBlueprint> {
    return this.scripts.blueprint(parseId(id));
  }

  @Get('metadata')
  @ApiOperation({
    summary: 'What the script of the instance declares, which its blueprint may have otherwise by now',
  })
  @ApiOkResponse({ type: ScriptMetadataDto })
  metadata(@Param('id') id: string): Promise<BlueprintMetadata> {
    return this.scripts.metadata(parseId(id));
  }

  @Post('restore')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take over the present version of the blueprint; the history keeps the old script',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the script that may be replaced',
  })
  @ApiQuery(RESTART_QUERY)
  @ApiBody({ type: RestoreScriptDto, required: false })
  @ApiOkResponse({ type: SavedScriptDto })
  async restore(
    @Param('id') id: string,
    @Body() body: RestoreScriptDto | undefined,
    @Headers('if-match') ifMatch: string | undefined,
    @Query('restart') restart: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SavedScript> {
    const wish = {
      guard: readIfMatch(ifMatch),
      isRestartWanted: body?.restart ?? isTrue(restart),
      actor: callerOf(request).actor,
    };
    return withEtag(await this.scripts.restore(parseId(id), wish), reply);
  }

  @Get('history')
  @ApiOperation({ summary: 'The versions of the script that are kept, newest first' })
  @ApiOkResponse({ type: ScriptHistoryDto })
  history(@Param('id') id: string): Promise<ScriptHistory> {
    return this.scripts.history(parseId(id));
  }

  @Get('history/:version')
  @ApiOperation({ summary: 'One version of the script' })
  @ApiOkResponse({ type: ScriptVersionContentDto })
  version(@Param('id') id: string, @Param('version') version: string): Promise<ScriptVersionContent> {
    const number = parseId(id);
    if (!/^[1-9]\d{0,8}$/.test(version))
      throw new AppError('not_found', 'SCRIPT_VERSION_NOT_FOUND', 'There is no version of that number.');
    return this.scripts.version(number, Number(version));
  }
}

function withEtag<T extends InstanceScript>(script: T, reply: FastifyReply): T {
  void reply.headers({ etag: script.etag, 'cache-control': 'no-cache' });
  return script;
}
