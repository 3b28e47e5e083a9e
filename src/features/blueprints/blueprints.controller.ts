import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type {
  Blueprint,
  BlueprintCatalogue as CatalogueAnswer,
  BlueprintSource,
} from '../../contracts/blueprint.js';
import { BlueprintCatalogue } from './blueprint-catalogue.js';
import { BlueprintCatalogueDto, BlueprintDto, BlueprintSourceDto } from './blueprints.dto.js';
import { CreateBlueprintDto, ReplaceBlueprintDto } from './blueprints.dto.js';
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
  async create(@Body() body: CreateBlueprintDto): Promise<Blueprint> {
    return await this.custom.create(body.filename, body.content);
  }

  @Get('custom/:filename')
  @ApiOperation({ summary: 'The script of a custom blueprint' })
  @ApiOkResponse({ type: BlueprintSourceDto })
  async read(@Param('filename') filename: string): Promise<BlueprintSource> {
    return await this.custom.read(filename);
  }

  @Put('custom/:filename')
  @ApiOperation({ summary: 'Replaces the script of a custom blueprint' })
  @ApiOkResponse({ type: BlueprintDto })
  async replace(@Param('filename') filename: string, @Body() body: ReplaceBlueprintDto): Promise<Blueprint> {
    return await this.custom.replace(filename, body.content);
  }

  @Delete('custom/:filename')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a custom blueprint; instances made from it keep their copy' })
  @ApiNoContentResponse()
  async remove(@Param('filename') filename: string): Promise<void> {
    await this.custom.remove(filename);
  }
}
