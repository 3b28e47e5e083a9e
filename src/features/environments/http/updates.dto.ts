import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsObject } from 'class-validator';
import type {
  InstanceUpdateRequest,
  PackageUpdate,
  RepositoryUpdate,
  UpdateCheck,
} from '../../../contracts/environment.js';
import { MayBeAbsent } from '../../../core/http/validation.js';
import { InstalledRepositoryDto } from './environment.dto.js';

const nullable = { nullable: true } as const;
const nullableText = { type: String, ...nullable } as const;
const nullableTime = { type: String, format: 'date-time', ...nullable } as const;

export class RepositoryChangeDto {
  @ApiProperty() commit!: string;
  @ApiProperty() subject!: string;
  @ApiProperty(nullableTime) committed_at!: string | null;
}

export class RepositoryUpdateDto extends InstalledRepositoryDto implements RepositoryUpdate {
  @ApiProperty({ description: 'Commits that an update brings; of a pinned one, that the pin keeps away' })
  behind!: number;
  @ApiProperty(nullableText) latest_commit!: string | null;
  @ApiProperty(nullableTime) latest_at!: string | null;
  @ApiProperty({ type: [RepositoryChangeDto], description: 'The newest of them, newest first' })
  changes!: RepositoryChangeDto[];
  @ApiProperty({ ...nullableText, description: 'Of the newest release' }) latest_tag!: string | null;
  @ApiProperty({ description: 'A tag or a commit keeps it where it is' }) is_pinned!: boolean;
  @ApiProperty({ ...nullableText, description: 'Why nothing is known of its remote' })
  problem!: string | null;
}

export class PackageUpdateDto implements PackageUpdate {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ['pypi', 'npm'] }) registry!: PackageUpdate['registry'];
  @ApiProperty(nullableText) installed!: string | null;
  @ApiProperty(nullableText) latest!: string | null;
  @ApiProperty({ description: 'Of the blueprint; it names the version' }) variable!: string;
  @ApiProperty(nullableText) problem!: string | null;
}

export class UpdateCheckDto implements UpdateCheck {
  @ApiProperty({ type: [RepositoryUpdateDto] }) repositories!: RepositoryUpdateDto[];
  @ApiProperty({ type: [PackageUpdateDto] }) packages!: PackageUpdateDto[];
  @ApiProperty() has_updates!: boolean;
  @ApiProperty({ format: 'date-time' }) checked_at!: string;
}

/** Body of `POST …/update`; none is the same as an empty one. */
export class UpdateRequestDto implements InstanceUpdateRequest {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Newer versions of packages, by the variable that names them',
    example: { JUPYTERLAB_VERSION: '4.6.6' },
  })
  @MayBeAbsent()
  // As it came: class-transformer's copy leaves out names that every object has.
  @Transform(({ obj }: { obj: { variables?: unknown } }) => obj.variables)
  @IsObject({ message: 'Versions are an object of variables and texts.' })
  variables?: Record<string, string>;
}
