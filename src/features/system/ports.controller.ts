import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PortsView } from '../../contracts/ports.js';
import { PortsService } from './ports.service.js';
import { PortsViewDto } from './ports.dto.js';

/** `/api/system/ports`: whose the ports are. */
@ApiTags('system')
@Controller('api/system/ports')
export class PortsController {
  constructor(private readonly ports: PortsService) {}

  @Get()
  @ApiOperation({ summary: 'Leased ports, what listens beyond loopback, and what is free' })
  @ApiOkResponse({ type: PortsViewDto })
  view(): PortsView {
    return this.ports.view();
  }
}
