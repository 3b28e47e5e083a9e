import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import type { InstanceRebuild } from '../../../contracts/environment.js';
import { MayBeAbsent } from '../../../core/http/validation.js';

/** Body of `POST …/rebuild`; none is the same as an empty one. */
export class RebuildDto implements InstanceRebuild {
  @ApiPropertyOptional({ description: 'Pass by the caches of what was downloaded, too', default: false })
  @MayBeAbsent()
  @IsBoolean({ message: 'It must be true or false.' })
  clean?: boolean;
}
