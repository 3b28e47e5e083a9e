import { ApiProperty } from '@nestjs/swagger';
import type {
  AccessMode,
  DesiredState,
  Failure,
  Instance,
  InstanceStatus,
  RestartPolicy,
  Run,
} from '../../../contracts/instance.js';

const nullable = { nullable: true } as const;

/** An instance as the OpenAPI document describes it; the compiler holds it to the contract. */
export class InstanceDto implements Instance {
  @ApiProperty() id!: number;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Path segment in /instance/<slug>/; kept when the instance is renamed' })
  slug!: string;
  @ApiProperty({ description: 'Address of the application for a browser' }) url!: string;
  @ApiProperty({ type: String, ...nullable, description: 'Address of its desktop; null: it has none' })
  desktop_url!: string | null;
  @ApiProperty({ example: 'Demo.sh' }) base_blueprint!: string;
  @ApiProperty({ type: String, ...nullable, description: 'null: all; "": none; else such as "0,1"' })
  gpu_ids!: string | null;
  @ApiProperty() autostart!: boolean;
  @ApiProperty() persistent_mode!: boolean;
  @ApiProperty({ type: String, ...nullable }) hostname!: string | null;
  @ApiProperty() use_custom_hostname!: boolean;
  @ApiProperty({ enum: ['stopped', 'queued', 'starting', 'started', 'stalled', 'stopping', 'error'] })
  status!: InstanceStatus;
  @ApiProperty({ description: 'One sentence for a person' }) status_reason!: string;
  @ApiProperty({ format: 'date-time' }) status_since!: string;
  @ApiProperty({ enum: ['running', 'stopped'] }) desired!: DesiredState;
  @ApiProperty({ type: String, ...nullable, description: 'What the blueprint announced last while starting' })
  phase!: string | null;
  @ApiProperty({ type: Number, ...nullable, description: "The blueprint's process" }) pid!: number | null;
  @ApiProperty({ type: Number, ...nullable }) exit_code!: number | null;
  @ApiProperty({ type: String, ...nullable, example: 'SIGKILL' }) exit_signal!: string | null;
  @ApiProperty({ type: [String], description: 'The last lines of the log of a failed run' })
  evidence!: string[];
  @ApiProperty({
    type: 'object',
    ...nullable,
    description: 'Why it failed, when the reason is a known one',
    additionalProperties: true,
  })
  failure!: Failure | null;
  @ApiProperty() restarts!: number;
  @ApiProperty({ type: String, format: 'date-time', ...nullable }) next_restart_at!: string | null;
  @ApiProperty({ description: "The application's own port on loopback" }) port!: number;
  @ApiProperty({ type: Number, ...nullable }) public_port!: number | null;
  @ApiProperty({ type: Number, ...nullable }) persistent_port!: number | null;
  @ApiProperty({ type: Number, ...nullable }) persistent_display!: number | null;
  @ApiProperty({ type: String, ...nullable }) output_path!: string | null;
  @ApiProperty({ type: String, ...nullable }) python_version!: string | null;
  @ApiProperty({ type: String, ...nullable }) cuda_version!: string | null;
  @ApiProperty({ type: String, ...nullable }) torch_version!: string | null;
  @ApiProperty({ type: String, ...nullable }) git_ref!: string | null;
  @ApiProperty() extra_requirements!: string;
  @ApiProperty({ enum: ['path', 'port'] }) access_mode!: AccessMode;
  @ApiProperty({ enum: ['no', 'on-failure', 'always'] }) restart_policy!: RestartPolicy;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) env!: Record<string, string>;
  @ApiProperty() launch_args!: string;
  @ApiProperty({ type: String, ...nullable, description: 'Its own probe; null: the blueprint’s' })
  probe!: string | null;
  @ApiProperty({ type: Number, ...nullable }) parent_instance_id!: number | null;
  @ApiProperty({ description: 'Number of the current or last run, 0 before the first' }) run!: number;
  @ApiProperty({ description: 'A stored change needs a restart before it counts' }) pending_restart!: boolean;
  @ApiProperty({ type: [String] }) warnings!: string[];
  @ApiProperty() position!: number;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
}

/** A run as the OpenAPI document describes it. */
export class RunDto implements Run {
  @ApiProperty() run!: number;
  @ApiProperty({ format: 'date-time' }) started_at!: string;
  @ApiProperty({ type: String, format: 'date-time', ...nullable }) ended_at!: string | null;
  @ApiProperty({ type: Number, ...nullable }) exit_code!: number | null;
  @ApiProperty({ type: String, ...nullable }) exit_signal!: string | null;
  @ApiProperty({ description: 'How it ended, or that it runs' }) reason!: string;
}
