import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PythonChoices } from '../../../contracts/environment.js';
import { PythonsService } from '../pythons/pythons.service.js';
import { PythonChoicesDto } from './environment.dto.js';

/** `/api/system/pythons`. */
@ApiTags('system')
@Controller('api/system/pythons')
export class PythonsController {
  constructor(private readonly pythons: PythonsService) {}

  @Get()
  @ApiOperation({ summary: 'The Pythons that instances can be pinned to: the machine’s, uv’s and conda’s' })
  @ApiOkResponse({ type: PythonChoicesDto })
  list(): Promise<PythonChoices> {
    return this.pythons.list();
  }
}
