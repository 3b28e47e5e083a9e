import { Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Instance, TrashEntry } from '../../../contracts/instance.js';
import type { TrashEntrySize } from '../../../contracts/trash.js';
import { TrashService } from '../trash/trash.service.js';
import { InstanceDto } from './instance.dto.js';
import { InstanceAddress } from './instance-address.js';
import { TrashEntryDto, TrashEntrySizeDto } from './trash.dto.js';

/** `/api/trash`: what was deleted and can come back. */
@ApiTags('trash')
@Controller('api/trash')
export class TrashController {
  constructor(
    private readonly trash: TrashService,
    private readonly address: InstanceAddress,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Deleted instances, the last one first' })
  @ApiOkResponse({ type: [TrashEntryDto] })
  list(): Promise<TrashEntry[]> {
    return this.trash.list();
  }

  @Post(':name/restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Bring an instance back, stopped' })
  @ApiOkResponse({ type: InstanceDto })
  async restore(@Param('name') name: string, @Req() request: FastifyRequest): Promise<Instance> {
    return this.address.localise(await this.trash.restore(name), request.client);
  }

  @Get(':name/size')
  @ApiOperation({ summary: 'What an entry takes on the disk; counted when it is asked for' })
  @ApiOkResponse({ type: TrashEntrySizeDto })
  size(@Param('name') name: string): Promise<TrashEntrySize> {
    return this.trash.sizeOf(name);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Empty the trash: delete everything in it for ever' })
  @ApiNoContentResponse()
  empty(): Promise<void> {
    return this.trash.empty();
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete for ever' })
  @ApiNoContentResponse()
  remove(@Param('name') name: string): Promise<void> {
    return this.trash.deleteForEver(name);
  }
}
