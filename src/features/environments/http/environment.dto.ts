import { ApiProperty } from '@nestjs/swagger';
import type {
  EnvironmentState,
  InstallPins,
  InstallRecord,
  InstalledRepository,
  InstanceEnvironment,
  PythonChoice,
  PythonChoices,
  PythonSource,
} from '../../../contracts/environment.js';

const nullable = { nullable: true } as const;
const nullableText = { type: String, ...nullable } as const;
const nullableTime = { type: String, format: 'date-time', ...nullable } as const;

export class InstallPinsDto implements InstallPins {
  @ApiProperty(nullableText) git_ref!: string | null;
  @ApiProperty(nullableText) python_version!: string | null;
  @ApiProperty(nullableText) cuda_version!: string | null;
  @ApiProperty(nullableText) torch_version!: string | null;
  @ApiProperty() extra_requirements!: string;
}

export class InstalledPythonDto {
  @ApiProperty({ example: '3.12.4' }) version!: string;
  @ApiProperty({ enum: ['machine', 'uv', 'conda'] }) source!: PythonSource;
}

export class InstalledRepositoryDto implements InstalledRepository {
  @ApiProperty({ description: 'Relative to the folder of the instance' }) path!: string;
  @ApiProperty({ description: 'Without names and passwords' }) url!: string;
  @ApiProperty({ ...nullableText, description: 'Branch or tag that it follows; null: a commit' })
  ref!: string | null;
  @ApiProperty() commit!: string;
  @ApiProperty() subject!: string;
  @ApiProperty(nullableTime) committed_at!: string | null;
}

export class InstallRecordDto implements InstallRecord {
  @ApiProperty({ format: 'date-time' }) finished_at!: string;
  @ApiProperty() took_seconds!: number;
  @ApiProperty() blueprint!: string;
  @ApiProperty({ description: 'SHA-256 of the script, hex' }) script_digest!: string;
  @ApiProperty({ type: InstallPinsDto }) pins!: InstallPinsDto;
  @ApiProperty({ type: InstalledPythonDto, ...nullable }) python!: InstalledPythonDto | null;
  @ApiProperty({ type: String, enum: ['uv', 'pip', 'conda', 'npm'], ...nullable })
  installer!: InstallRecord['installer'];
  @ApiProperty({ type: String, enum: ['cuda', 'rocm', 'cpu'], ...nullable })
  accelerator!: InstallRecord['accelerator'];
  @ApiProperty({ type: [InstalledRepositoryDto] }) repositories!: InstalledRepositoryDto[];
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  packages!: Record<string, string>;
}

/** The compiler holds it to the contract. */
export class InstanceEnvironmentDto implements InstanceEnvironment {
  @ApiProperty({
    enum: ['none', 'absent', 'interrupted', 'stale', 'ready'],
    description: 'none: its script remembers no installation; stale: the next start installs again',
  })
  state!: EnvironmentState;
  @ApiProperty({ type: [String], description: 'What the next start does, and why, in sentences' })
  reasons!: string[];
  @ApiProperty() is_rebuild_due!: boolean;
  @ApiProperty() is_update_due!: boolean;
  @ApiProperty({ type: InstallRecordDto, ...nullable }) record!: InstallRecordDto | null;
  @ApiProperty({ type: [InstallRecordDto], description: 'Earlier records, newest first' })
  history!: InstallRecordDto[];
  @ApiProperty({ description: 'Whose environment it is: of a satellite, its parent’s' }) owner_id!: number;
}

export class PythonChoiceDto implements PythonChoice {
  @ApiProperty({ example: '3.12' }) version!: string;
  @ApiProperty({ enum: ['machine', 'uv', 'conda'] }) source!: PythonSource;
  @ApiProperty({ description: 'It is on this machine; else it is downloaded when it is needed' })
  is_present!: boolean;
}

export class PythonChoicesDto implements PythonChoices {
  @ApiProperty({ type: [PythonChoiceDto] }) pythons!: PythonChoiceDto[];
  @ApiProperty({ ...nullableText, description: 'Its version; null: not installed' }) uv!: string | null;
  @ApiProperty({ ...nullableText, description: 'Its version; null: not installed' }) conda!: string | null;
}
