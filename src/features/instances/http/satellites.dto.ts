import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import type { InstanceInstantiate } from '../../../contracts/operation.js';
import { MayBeNull } from '../../../core/http/validation.js';

/** Body of `POST …/instantiate`. */
export class InstantiateDto implements InstanceInstantiate {
  @ApiProperty({ description: 'As the name of a new instance', example: 'Comfy second' })
  @IsString({ message: 'Give the satellite a name.' })
  new_name!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'As for a new instance; absent: those of the instance that it is made from',
  })
  @MayBeNull()
  @IsString({ message: 'GPUs are given by their numbers, joined by commas, such as "0,1".' })
  gpu_ids?: string | null;
}
