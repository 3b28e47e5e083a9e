import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import type {
  FindingLevel,
  InstanceScript,
  SavedScript,
  ScriptBlueprint,
  ScriptCheck,
  ScriptFinding,
  ScriptHistory,
  ScriptSave,
  ScriptVersion,
  ScriptVersionContent,
} from '../../../contracts/script.js';
import { MayBeAbsent } from '../../../core/http/validation.js';
import { BlueprintDto } from '../../blueprints/blueprints.api.js';
import { MAX_SCRIPT_BYTES } from '../script-file.js';

const nullable = { nullable: true } as const;

export class CheckScriptDto {
  @ApiProperty({ description: 'The bash script, at most 1 MiB', example: 'echo hello\n' })
  @IsString()
  // In UTF-16 units, of which each becomes at least one byte, or a carriage return that is dropped.
  @MaxLength(2 * MAX_SCRIPT_BYTES)
  content!: string;
}

export class RestoreScriptDto {
  @ApiProperty({ required: false, description: 'Also restart the instance if it runs' })
  @MayBeAbsent()
  @IsBoolean()
  restart?: boolean;
}

export class SaveScriptDto extends CheckScriptDto implements ScriptSave {
  @ApiProperty({ required: false, description: 'Also restart the instance if it runs' })
  @MayBeAbsent()
  @IsBoolean()
  restart?: boolean;
}

export class InstanceScriptDto implements InstanceScript {
  @ApiProperty() content!: string;
  @ApiProperty({ description: 'As the header of that name; what If-Match of a save wants' }) etag!: string;
  @ApiProperty() size_bytes!: number;
  @ApiProperty({ type: String, format: 'date-time', ...nullable }) modified_at!: string | null;
  @ApiProperty({ description: 'There is no launch.sh: the content is what the next start copies' })
  is_missing!: boolean;
  @ApiProperty({ description: 'Its bytes are not UTF-8; a save would replace them' }) is_damaged!: boolean;
}

export class SavedScriptDto extends InstanceScriptDto implements SavedScript {
  @ApiProperty() is_changed!: boolean;
  @ApiProperty({ type: Number, ...nullable }) version!: number | null;
  @ApiProperty() pending_restart!: boolean;
  @ApiProperty() is_restarting!: boolean;
  @ApiProperty({ type: [String] }) notes!: string[];
}

export class ScriptBlueprintDto implements ScriptBlueprint {
  @ApiProperty() content!: string;
  @ApiProperty({ example: 'Demo.sh' }) filename!: string;
  @ApiProperty() is_custom!: boolean;
  @ApiProperty() differs!: boolean;
  @ApiProperty({ type: Boolean, ...nullable, description: 'null: not known' }) changed_since!: boolean | null;
}

export class ScriptMetadataDto extends OmitType(BlueprintDto, ['filename', 'origin']) {}

export class ScriptVersionDto implements ScriptVersion {
  @ApiProperty() version!: number;
  @ApiProperty({ format: 'date-time' }) saved_at!: string;
  @ApiProperty({ type: String, ...nullable, description: 'null: not saved by AiKore' })
  saved_by!: string | null;
  @ApiProperty() size_bytes!: number;
  @ApiProperty() note!: string;
  @ApiProperty() is_present!: boolean;
}

export class ScriptHistoryDto implements ScriptHistory {
  @ApiProperty({ type: [ScriptVersionDto], description: 'Newest first' }) versions!: ScriptVersionDto[];
}

export class ScriptVersionContentDto extends ScriptVersionDto implements ScriptVersionContent {
  @ApiProperty() content!: string;
}

export class ScriptFindingDto implements ScriptFinding {
  @ApiProperty({ description: 'From 1' }) line!: number;
  @ApiProperty({ description: 'From 1, in UTF-16 units' }) column!: number;
  @ApiProperty() end_line!: number;
  @ApiProperty({ description: 'The column behind the last character' }) end_column!: number;
  @ApiProperty({ enum: ['error', 'warning', 'info', 'style'] }) level!: FindingLevel;
  @ApiProperty({ example: 'SC2086' }) code!: string;
  @ApiProperty() message!: string;
  @ApiProperty({ required: false }) url?: string;
}

export class ScriptCheckDto implements ScriptCheck {
  @ApiProperty({ type: [ScriptFindingDto] }) findings!: ScriptFindingDto[];
  @ApiProperty({ type: [String], description: 'What could not be checked' }) notes!: string[];
}

export class OriginalFileDto {
  @ApiProperty() content!: string;
}

export class OriginalSaveDto {
  @ApiProperty({ enum: [true] }) ok!: true;
  @ApiProperty({ description: 'What was done, in sentences' }) detail!: string;
}
