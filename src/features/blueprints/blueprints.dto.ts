import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import type {
  Blueprint,
  BlueprintCatalogue,
  BlueprintPackage,
  BlueprintRename,
  BlueprintSource,
  BlueprintUser,
  BlueprintVariable,
} from '../../contracts/blueprint.js';
import type { ProbeSpec, ProxyMode } from '../../contracts/blueprint.js';
import { MAX_BLUEPRINT_BYTES } from './blueprint-file.js';

const VARIABLE_TYPES = ['string', 'integer', 'number', 'boolean', 'choice', 'secret'];
/** Nothing longer can be a name; the rule itself is the service's. */
const MAX_FILENAME_LENGTH = 255;

export class ReplaceBlueprintDto {
  @ApiProperty({
    description: 'The bash script, at most 1 MiB.',
    example: '#!/usr/bin/env bash\necho hello\n',
  })
  @IsString()
  // In UTF-16 units, of which each becomes at least one byte, or a carriage return that is dropped.
  @MaxLength(2 * MAX_BLUEPRINT_BYTES)
  content!: string;
}

export class CreateBlueprintDto extends ReplaceBlueprintDto {
  @ApiProperty({ example: 'My App.sh' })
  @IsString()
  @MaxLength(MAX_FILENAME_LENGTH)
  filename!: string;
}

export class RenameBlueprintDto implements BlueprintRename {
  @ApiProperty({ example: 'My App.sh' })
  @IsString()
  @MaxLength(MAX_FILENAME_LENGTH)
  filename!: string;
}

export class BlueprintUserDto implements BlueprintUser {
  @ApiProperty()
  id!: number;
  @ApiProperty()
  name!: string;
}

export class BlueprintSourceDto implements BlueprintSource {
  @ApiProperty()
  filename!: string;
  @ApiProperty({ enum: ['stock', 'custom'] })
  origin!: Blueprint['origin'];
  @ApiProperty()
  content!: string;
  @ApiProperty({ description: 'As the header of that name' })
  etag!: string;
  @ApiProperty({ type: [BlueprintUserDto], description: 'What was made from it, and keeps its own script' })
  instances!: BlueprintUser[];
}

export class BlueprintVariableDto implements BlueprintVariable {
  @ApiProperty()
  name!: string;
  @ApiProperty({ enum: VARIABLE_TYPES })
  type!: BlueprintVariable['type'];
  @ApiProperty()
  default!: string;
  @ApiProperty()
  description!: string;
  @ApiProperty({ type: [String] })
  choices!: string[];
}

export class BlueprintDto implements Blueprint {
  @ApiProperty({ example: 'Demo.sh' })
  filename!: string;
  @ApiProperty({ enum: ['stock', 'custom'] })
  origin!: Blueprint['origin'];
  @ApiProperty()
  name!: string;
  @ApiProperty()
  category!: string;
  @ApiProperty()
  description!: string;
  @ApiProperty({ enum: ['python', 'conda'], nullable: true })
  venv_type!: Blueprint['venv_type'];
  @ApiProperty({ type: String, nullable: true, example: './env' })
  venv_path!: string | null;
  @ApiProperty({ type: Object, additionalProperties: true, example: { type: 'http', path: '/' } })
  probe!: ProbeSpec;
  @ApiProperty({ enum: ['strip', 'keep', 'port'] })
  proxy_mode!: ProxyMode;
  @ApiProperty()
  proxy_shim!: boolean;
  @ApiProperty()
  desktop!: boolean;
  @ApiProperty({ type: String, nullable: true })
  repository!: string | null;
  @ApiProperty({ type: Number, nullable: true })
  vram_bytes!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  disk_bytes!: number | null;
  @ApiProperty({ type: Object, nullable: true, additionalProperties: true })
  package!: BlueprintPackage | null;
  @ApiProperty({ type: [BlueprintVariableDto] })
  variables!: BlueprintVariable[];
  @ApiProperty({ type: Object, additionalProperties: { type: 'string' } })
  unknown!: Record<string, string>;
  @ApiProperty({ type: [String] })
  problems!: string[];
}

export class BlueprintCatalogueDto implements BlueprintCatalogue {
  @ApiProperty({ type: [BlueprintDto] })
  stock!: Blueprint[];
  @ApiProperty({ type: [BlueprintDto] })
  custom!: Blueprint[];
}
