import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { AccessMode, DesiredState, Failure, RestartPolicy } from '../../contracts/instance.js';
import type { LifecycleStatus } from './domain/lifecycle.js';

/**
 * A row of `instances`: the settings, which the service writes, and the state (from `status` on), which only the
 * instance's supervisor writes. Times are ISO 8601 in UTC.
 */
@Entity('instances')
export class InstanceEntity {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  name!: string;

  @Column('text')
  slug!: string;

  @Column('text')
  base_blueprint!: string;

  @Column('text', { nullable: true })
  gpu_ids!: string | null;

  @Column('boolean')
  autostart!: boolean;

  @Column('boolean')
  persistent_mode!: boolean;

  @Column('text', { nullable: true })
  hostname!: string | null;

  @Column('boolean')
  use_custom_hostname!: boolean;

  @Column('integer')
  port!: number;

  @Column('integer', { nullable: true })
  public_port!: number | null;

  @Column('integer', { nullable: true })
  persistent_port!: number | null;

  @Column('integer', { nullable: true })
  persistent_display!: number | null;

  @Column('text', { nullable: true })
  output_path!: string | null;

  @Column('text', { nullable: true })
  python_version!: string | null;

  @Column('text', { nullable: true })
  cuda_version!: string | null;

  @Column('text', { nullable: true })
  torch_version!: string | null;

  @Column('text', { nullable: true })
  git_ref!: string | null;

  @Column('text')
  extra_requirements!: string;

  @Column('text')
  access_mode!: AccessMode;

  @Column('text')
  restart_policy!: RestartPolicy;

  @Column('simple-json')
  env!: Record<string, string>;

  @Column('text')
  launch_args!: string;

  @Column('text', { nullable: true })
  probe!: string | null;

  @Column('integer', { nullable: true })
  parent_instance_id!: number | null;

  @Column('integer')
  position!: number;

  /** SHA-256, as hex, of the blueprint that its script was taken from last; null: not known. Not on the wire. */
  @Column('text', { nullable: true })
  script_origin!: string | null;

  /** Grows with every change of the settings; the ETag. */
  @Column('integer')
  revision!: number;

  @Column('text')
  created_at!: string;

  @Column('text')
  updated_at!: string;

  @Column('text')
  status!: LifecycleStatus;

  @Column('text')
  status_reason!: string;

  @Column('text')
  status_since!: string;

  @Column('text')
  desired!: DesiredState;

  @Column('integer', { nullable: true })
  pid!: number | null;

  @Column('integer', { nullable: true })
  exit_code!: number | null;

  @Column('text', { nullable: true })
  exit_signal!: string | null;

  @Column('simple-json')
  evidence!: string[];

  @Column('simple-json', { nullable: true })
  failure!: Failure | null;

  @Column('integer')
  restarts!: number;

  /** When the automatic restarts of the budget's window were, ISO 8601; not on the wire. */
  @Column('simple-json')
  restart_times!: string[];

  @Column('text', { nullable: true })
  next_restart_at!: string | null;

  /** Number of the current or last run. */
  @Column('integer')
  run!: number;

  @Column('boolean')
  pending_restart!: boolean;
}

/** The columns that the supervisor writes. */
export type InstanceState = Pick<
  InstanceEntity,
  | 'status'
  | 'status_reason'
  | 'status_since'
  | 'desired'
  | 'pid'
  | 'exit_code'
  | 'exit_signal'
  | 'evidence'
  | 'failure'
  | 'restarts'
  | 'restart_times'
  | 'next_restart_at'
  | 'run'
  | 'pending_restart'
  | 'port'
>;

/** The columns that the operator decides. */
export type InstanceSettings = Omit<InstanceEntity, keyof InstanceState | 'id'> & { port: number };
