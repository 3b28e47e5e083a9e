import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsString } from 'class-validator';
import type {
  Archive,
  ArchiveContents,
  ArchiveImport,
  InstanceCopy,
  InstanceExport,
  Operation,
  OperationKind,
  OperationPhase,
} from '../../../contracts/operation.js';
import { MayBeAbsent } from '../../../core/http/validation.js';

const yesOrNo = { message: 'It must be true or false.' };
const NAME = { message: 'Give the new instance a name.' };

/** Body of `POST /api/instances/{id}/copy`. */
export class InstanceCopyDto implements InstanceCopy {
  @ApiProperty({ description: 'Of the clone, unique regardless of case', example: 'Comfy copy' })
  @IsString(NAME)
  new_name!: string;

  @ApiPropertyOptional({
    default: true,
    description: 'The environment goes along; else the first start installs it',
  })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  environment?: boolean;

  @ApiPropertyOptional({ default: false, description: 'Its outputs go along' })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  outputs?: boolean;
}

/** Body of `POST /api/instances/{id}/export`. */
export class InstanceExportDto implements InstanceExport {
  @ApiPropertyOptional({
    default: false,
    description: 'The environment goes along; it is large, and made for this machine',
  })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  environment?: boolean;

  @ApiPropertyOptional({ default: false, description: 'Its outputs go along' })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  outputs?: boolean;

  @ApiPropertyOptional({ default: false, description: 'Variables that look like secrets go along' })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  secrets?: boolean;
}

/** Body of `POST /api/archives/{file}/import`. */
export class ArchiveImportDto implements ArchiveImport {
  @ApiProperty({ description: 'Of the instance that is made', example: 'Comfy again' })
  @IsString(NAME)
  new_name!: string;
}

const PHASES: readonly OperationPhase[] = [
  'waiting',
  'counting',
  'copying',
  'packing',
  'unpacking',
  'relocating',
  'finishing',
  'done',
  'failed',
  'cancelled',
];

export class OperationDto implements Operation {
  @ApiProperty({ description: 'Unique as long as AiKore runs' }) id!: string;
  @ApiProperty({ enum: ['clone', 'export', 'import'] }) kind!: OperationKind;
  @ApiProperty({ description: 'What is made: an instance by its name, or an archive by its file' })
  subject!: string;
  @ApiProperty({ description: 'What it is made from' }) source!: string;
  @ApiProperty({ type: Number, nullable: true }) source_id!: number | null;
  @ApiProperty({ enum: PHASES, description: 'done, failed and cancelled are ends' }) phase!: OperationPhase;
  @ApiProperty({ type: Number, nullable: true, description: 'null: not counted yet' })
  total_bytes!: number | null;
  @ApiProperty() done_bytes!: number;
  @ApiProperty() done_files!: number;
  @ApiProperty({ description: 'Of done_bytes, what takes no space of its own' }) shared_bytes!: number;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, and what helps' })
  message!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'The instance that was made' })
  instance_id!: number | null;
  @ApiProperty({ format: 'date-time' }) started_at!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) ended_at!: string | null;
}

export class ArchiveContentsDto implements ArchiveContents {
  @ApiProperty() instance_name!: string;
  @ApiProperty() base_blueprint!: string;
  @ApiProperty() has_environment!: boolean;
  @ApiProperty() has_outputs!: boolean;
  @ApiProperty({ type: [String], description: 'Variables that were left out as secrets' })
  withheld!: string[];
  @ApiProperty({ description: 'Unpacked' }) total_bytes!: number;
  @ApiProperty() file_count!: number;
  @ApiProperty({ format: 'date-time' }) exported_at!: string;
  @ApiProperty({ description: 'Version of AiKore' }) made_by!: string;
}

export class ArchiveDto implements Archive {
  @ApiProperty({ description: 'Names it in the other routes' }) file!: string;
  @ApiProperty() size_bytes!: number;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ type: ArchiveContentsDto, nullable: true }) contents!: ArchiveContentsDto | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why it is no archive of an instance' })
  problem!: string | null;
}
