import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PublicStatus } from '../../contracts/system.js';
import { PublicStatusDto } from './system.dto.js';

/** Filled by the composition root. */
export class PublicStatusSource {
  constructor(
    readonly version: string,
    readonly isPasswordSet: () => boolean,
  ) {}
}

/** `GET /api/status`: the only thing that everybody is told. */
@ApiTags('system')
@Controller('api/status')
export class StatusController {
  constructor(private readonly status: PublicStatusSource) {}

  @Get()
  @ApiOperation({ summary: 'Whether AiKore serves; needs no sign-in' })
  @ApiOkResponse({ type: PublicStatusDto })
  get(): PublicStatus {
    return {
      status: 'ok',
      name: 'AiKore',
      version: this.status.version,
      setup_required: !this.status.isPasswordSet(),
    };
  }
}
