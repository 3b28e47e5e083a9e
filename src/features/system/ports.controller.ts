import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PortsView } from '../../contracts/ports.js';
import { PortsService } from './ports.service.js';

/** `/api/system/ports`: whose the ports are. */
@ApiTags('system')
@Controller('api/system/ports')
export class PortsController {
  constructor(private readonly ports: PortsService) {}

  @Get()
  @ApiOperation({ summary: 'Leased ports, what listens beyond loopback, and what is free' })
  view(): PortsView {
    return this.ports.view();
  }
}
