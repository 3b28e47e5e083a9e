import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

const ID = /^[1-9]\d{0,14}$/;
const MAX_LENGTH = 300;
const NOT_TEXT = { message: 'It is one text.' };

/** Query of `GET /api/audit`. */
export class AuditQueryDto {
  @ApiPropertyOptional({ description: 'Who did it, as it is written in the entries.' })
  @MaxLength(MAX_LENGTH)
  @IsString(NOT_TEXT)
  @IsOptional()
  actor?: string;

  @ApiPropertyOptional({
    description: 'What was done: `instance.start`, or `instance` for all of that kind.',
  })
  @MaxLength(MAX_LENGTH)
  @IsString(NOT_TEXT)
  @IsOptional()
  action?: string;

  @ApiPropertyOptional({ description: 'Id of the instance it was done to.' })
  @Matches(ID, { message: 'It is the id of an instance.' })
  @IsOptional()
  instance?: string;

  @ApiPropertyOptional({ description: 'Part of the name of what it was done to.' })
  @MaxLength(MAX_LENGTH)
  @IsString(NOT_TEXT)
  @IsOptional()
  target?: string;

  @ApiPropertyOptional({ enum: ['done', 'refused', 'failed'] })
  @IsIn(['done', 'refused', 'failed'], { message: 'It is done, refused or failed.' })
  @IsOptional()
  outcome?: string;

  @ApiPropertyOptional({ description: '`next_before` of the page before.' })
  @Matches(ID, { message: 'It is the `next_before` of a page.' })
  @IsOptional()
  before?: string;

  @ApiPropertyOptional({ description: '1 to 500; 100 by default.' })
  @Matches(/^([1-9]\d?|[1-4]\d\d|500)$/, { message: 'It is a number from 1 to 500.' })
  @IsOptional()
  limit?: string;
}
