import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { StatsHistory, SystemInfo, SystemStats } from '../../contracts/system.js';
import { invalidFields } from '../../core/errors.js';
import { OriginView } from '../../core/http/origin-view.js';
import { StatsSampler } from './stats-sampler.js';
import { SystemService } from './system.service.js';
import { AvailablePortsDto } from './ports.dto.js';
import { StatsHistoryDto } from './stats-history.dto.js';
import { SystemInfoDto, SystemStatsDto } from './system.dto.js';

/** `/api/system`: the machine. */
@ApiTags('system')
@Controller('api/system')
export class SystemController {
  constructor(
    private readonly system: SystemService,
    private readonly sampler: StatsSampler,
    private readonly origins: OriginView,
  ) {}

  @Get('info')
  @ApiOperation({ summary: 'What this machine is and has' })
  @ApiOkResponse({ type: SystemInfoDto })
  info(@Req() request: FastifyRequest): Promise<SystemInfo> {
    return this.system.info(this.origins.seenFrom(request.client));
  }

  @Get('stats')
  @ApiOperation({ summary: 'Live figures of the machine and of every running instance' })
  @ApiOkResponse({ type: SystemStatsDto })
  stats(): Promise<SystemStats> {
    return this.sampler.sample();
  }

  @Get('stats/history')
  @ApiOperation({ summary: 'Figures of the last hour' })
  @ApiQuery({
    name: 'instance',
    required: false,
    description: 'Only the columns of this instance beside the machine’s; 0 for none, all when absent',
  })
  @ApiOkResponse({ type: StatsHistoryDto })
  history(@Query('instance') instance?: string): StatsHistory {
    return this.sampler.readHistory(instance === undefined ? null : wholeId(instance));
  }

  @Get('available-ports')
  @ApiOperation({ summary: 'Free ports of the published range' })
  @ApiOkResponse({ type: AvailablePortsDto })
  availablePorts(): { available_ports: number[] } {
    return { available_ports: this.system.availablePorts() };
  }
}

function wholeId(text: unknown): number {
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw invalidFields({ instance: 'The number of an instance, or 0 for none.' });
}
