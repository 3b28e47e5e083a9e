import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Operation } from '../../../contracts/operation.js';
import { DiskWatch } from '../../../core/disk/disk-watch.js';
import { parseId } from '../../../core/http/validation.js';
import { Cloning } from '../cloning.js';
import { Exporting } from '../exporting.js';
import { Operations } from '../operations.js';
import { InstanceCopyDto, InstanceExportDto, OperationDto } from './transfers.dto.js';

/** What takes long: cloning and exporting instances, and how far that is. */
@ApiTags('operations')
@Controller('api')
export class OperationsController {
  constructor(
    private readonly operations: Operations,
    private readonly cloning: Cloning,
    private readonly exporting: Exporting,
    private readonly disk: DiskWatch,
  ) {}

  @Post('instances/:id/copy')
  @HttpCode(202)
  @ApiOperation({ summary: 'Clone it, with its environment, as an instance of its own' })
  @ApiAcceptedResponse({ type: OperationDto })
  async copy(@Param('id') id: string, @Body() wish: InstanceCopyDto): Promise<Operation> {
    await this.disk.requireRoom();
    return this.cloning.begin(parseId(id), wish);
  }

  @Post('instances/:id/export')
  @HttpCode(202)
  @ApiOperation({ summary: 'Pack it into an archive' })
  @ApiAcceptedResponse({ type: OperationDto })
  async export(@Param('id') id: string, @Body() wish: InstanceExportDto): Promise<Operation> {
    await this.disk.requireRoom();
    return this.exporting.begin(parseId(id), wish);
  }

  @Get('operations')
  @ApiOperation({ summary: 'What is under way, and what ended lately; the newest first' })
  @ApiOkResponse({ type: [OperationDto] })
  list(): Operation[] {
    return this.operations.list();
  }

  @Delete('operations/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Cancel it; dismiss it when it has ended' })
  @ApiNoContentResponse()
  remove(@Param('id') id: string): void {
    this.operations.remove(id);
  }
}
