import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type {
  Blueprint,
  BlueprintCatalogue as CatalogueAnswer,
  BlueprintSource,
} from '../../contracts/blueprint.js';
import { readIfMatch } from '../../core/http/if-match.js';
import { BlueprintCatalogue } from './blueprint-catalogue.js';
import { BlueprintCatalogueDto, BlueprintDto, BlueprintSourceDto } from './blueprints.dto.js';
import { CreateBlueprintDto, RenameBlueprintDto, ReplaceBlueprintDto } from './blueprints.dto.js';
import { CustomBlueprintsService } from './custom-blueprints.service.js';

@ApiTags('blueprints')
@Controller('api/system/blueprints')
export class BlueprintsController {
  constructor(
    private readonly catalogue: BlueprintCatalogue,
    private readonly custom: CustomBlueprintsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every blueprint with its metadata' })
  @ApiOkResponse({ type: BlueprintCatalogueDto })
  async list(): Promise<CatalogueAnswer> {
    return await this.catalogue.list();
  }

  @Post('custom')
  @ApiOperation({ summary: 'Saves a new custom blueprint' })
  @ApiCreatedResponse({ type: BlueprintDto })
  async create(
    @Body() body: CreateBlueprintDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Blueprint> {
    const created = await this.custom.create(body.filename, body.content);
    void reply.header('etag', this.custom.etagOf(body.content));
    return created;
  }

  @Get('custom/:filename')
  @ApiOperation({ summary: 'The script of a custom blueprint, with an ETag and the instances made from it' })
  @ApiOkResponse({ type: BlueprintSourceDto })
  async read(
    @Param('filename') filename: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BlueprintSource> {
    return withEtag(await this.custom.read(filename), reply);
  }

  @Get('stock/:filename')
  @ApiOperation({ summary: 'The script of a shipped blueprint' })
  @ApiOkResponse({ type: BlueprintSourceDto })
  async readStock(
    @Param('filename') filename: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BlueprintSource> {
    return withEtag(await this.custom.readStock(filename), reply);
  }

  @Put('custom/:filename')
  @ApiOperation({ summary: 'Replaces the script of a custom blueprint' })
  @ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of what may be replaced' })
  @ApiOkResponse({ type: BlueprintDto })
  async replace(
    @Param('filename') filename: string,
    @Body() body: ReplaceBlueprintDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Blueprint> {
    const replaced = await this.custom.replace(filename, body.content, readIfMatch(ifMatch));
    void reply.header('etag', this.custom.etagOf(body.content));
    return replaced;
  }

  @Post('custom/:filename/rename')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives a custom blueprint another file name; its instances know it by that' })
  @ApiOkResponse({ type: BlueprintDto })
  async rename(@Param('filename') filename: string, @Body() body: RenameBlueprintDto): Promise<Blueprint> {
    return await this.custom.rename(filename, body.filename);
  }

  @Delete('custom/:filename')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a custom blueprint; instances made from it keep their copy' })
  @ApiNoContentResponse()
  async remove(@Param('filename') filename: string): Promise<void> {
    await this.custom.remove(filename);
  }
}

function withEtag(source: BlueprintSource, reply: FastifyReply): BlueprintSource {
  void reply.headers({ etag: source.etag, 'cache-control': 'no-cache' });
  return source;
}
