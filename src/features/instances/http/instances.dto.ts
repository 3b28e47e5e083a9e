import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsObject, IsString, Max, Min } from 'class-validator';
import type {
  AccessMode,
  DeleteMode,
  InstanceCreate,
  InstanceUpdate,
  RestartPolicy,
} from '../../../contracts/instance.js';
import { MayBeAbsent, MayBeNull } from '../../../core/http/validation.js';

const text = { message: 'It must be text.' };
const yesOrNo = { message: 'It must be true or false.' };
const portNumber = { message: 'A port is a whole number from 1 to 65535.' };

/** Body of `POST /api/instances`. What a value may hold beyond its type stands in settings/instance-rules.ts. */
export class CreateInstanceDto implements InstanceCreate {
  @ApiProperty({
    description: '1–64 letters, digits, spaces, _ - . and unique regardless of case',
    example: 'Comfy main',
  })
  @IsString({ message: 'Give the instance a name.' })
  name!: string;

  @ApiProperty({ description: 'File name of a blueprint', example: 'Demo.sh' })
  @IsString({ message: 'Choose a blueprint.' })
  base_blueprint!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'null: all GPUs; "": none; else such as "0,1"',
  })
  @MayBeNull()
  @IsString({ message: 'GPUs are given by their numbers, joined by commas, such as "0,1".' })
  gpu_ids?: string | null;

  @ApiPropertyOptional({ description: 'Start it whenever AiKore starts' })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  autostart?: boolean;

  @ApiPropertyOptional({
    description: "The application's own port on loopback (WEBUI_PORT); chosen when absent",
  })
  @MayBeAbsent()
  @IsInt(portNumber)
  @Min(1, portNumber)
  @Max(65_535, portNumber)
  port?: number;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Folder below outputs/; null: the name of the instance',
  })
  @MayBeNull()
  @IsString(text)
  output_path?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Environment variables of its own',
  })
  @MayBeAbsent()
  // As it came: class-transformer's copy leaves out names that every object has, such as `constructor`.
  @Transform(({ obj }: { obj: { env?: unknown } }) => obj.env)
  @IsObject({ message: 'Variables are an object of names and texts.' })
  env?: Record<string, string>;

  @ApiPropertyOptional({
    description: 'Arguments for the script, split as a shell splits words',
    example: '--lowvram',
  })
  @MayBeAbsent()
  @IsString(text)
  launch_args?: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Its own probe: "http /path", "tcp" or "process"; null: the blueprint’s',
  })
  @MayBeNull()
  @IsString(text)
  probe?: string | null;

  @ApiPropertyOptional({
    enum: ['path', 'port'],
    description: 'Where it is reached: below /instance/<slug>/, or at a port of its own',
  })
  @MayBeAbsent()
  @IsIn(['path', 'port'], { message: 'It is path or port.' })
  access_mode?: AccessMode;

  @ApiPropertyOptional({
    enum: ['no', 'on-failure', 'always'],
    description: 'Whether it is started again when it ends unasked',
  })
  @MayBeAbsent()
  @IsIn(['no', 'on-failure', 'always'], { message: 'It is no, on-failure or always.' })
  restart_policy?: RestartPolicy;

  @ApiPropertyOptional({ description: 'Runs inside a desktop of its own, which goes on without a viewer' })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  persistent_mode?: boolean;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'A name, a name with a port, or the address of a proxy; stored in lower case',
    example: 'comfy.home.lan',
  })
  @MayBeNull()
  @IsString(text)
  hostname?: string | null;

  @ApiPropertyOptional({ description: 'Answer at `hostname` too, and have it as the link' })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  use_custom_hostname?: boolean;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description: 'Of the published range, in port mode only; chosen when absent, null: another free one',
  })
  @MayBeNull()
  @IsInt(portNumber)
  @Min(1, portNumber)
  @Max(65_535, portNumber)
  public_port?: number | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Such as 3.12; null: what its blueprint takes',
  })
  @MayBeNull()
  @IsString(text)
  python_version?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Such as 12.8; null: what fits the driver',
  })
  @MayBeNull()
  @IsString(text)
  cuda_version?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Such as 2.7.1; null: what its blueprint takes',
  })
  @MayBeNull()
  @IsString(text)
  torch_version?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Tag, branch or commit of the application’s source; null: what its blueprint takes',
  })
  @MayBeNull()
  @IsString(text)
  git_ref?: string | null;

  @ApiPropertyOptional({ description: 'Further packages, as lines of a requirements file' })
  @MayBeAbsent()
  @IsString(text)
  extra_requirements?: string;
}

/** Body of `PUT` and `PATCH`: any subset. `skipNullProperties` keeps null from passing for "left out". */
export class UpdateInstanceDto
  extends PartialType(OmitType(CreateInstanceDto, ['port']), { skipNullProperties: false })
  implements InstanceUpdate
{
  @ApiPropertyOptional({ type: Number, nullable: true, description: 'null: another free one' })
  @MayBeNull()
  @IsInt(portNumber)
  @Min(1, portNumber)
  @Max(65_535, portNumber)
  port?: number | null;
}

/** Query or body of `DELETE`. */
export class DeleteInstanceDto {
  @ApiPropertyOptional({ enum: ['trash', 'permanent'], default: 'trash' })
  @MayBeAbsent()
  @IsIn(['trash', 'permanent'], { message: 'It is trash or permanent.' })
  mode?: DeleteMode;

  @ApiPropertyOptional({ description: 'Replace an entry of the same name in the trash can' })
  @MayBeAbsent()
  @IsBoolean(yesOrNo)
  overwrite?: boolean;
}
