import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One start of an instance. */
@Entity('runs')
export class RunEntity {
  @PrimaryColumn('integer')
  instance_id!: number;

  @PrimaryColumn('integer')
  run!: number;

  /** Identifies the processes of this run in their environment. */
  @Column('text')
  marker!: string;

  @Column('text')
  started_at!: string;

  @Column('text', { nullable: true })
  ended_at!: string | null;

  @Column('integer', { nullable: true })
  exit_code!: number | null;

  @Column('text', { nullable: true })
  exit_signal!: string | null;

  @Column('text')
  reason!: string;
}
