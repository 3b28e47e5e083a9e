import { ApiProperty } from '@nestjs/swagger';
import type { AuditEntry, AuditOutcome, AuditPage } from '../../contracts/audit.js';

const text = { type: String, nullable: true } as const;
const number = { type: Number, nullable: true } as const;

export class AuditEntryDto implements AuditEntry {
  @ApiProperty() id!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: '`operator`, `token <name>`, `environment token`, `AiKore` or `nobody`' })
  actor!: string;
  @ApiProperty({ ...text, description: 'Of the other end of the connection' }) address!: string | null;
  @ApiProperty({ example: 'instance.start' }) action!: string;
  @ApiProperty({ ...text, description: 'By the name that it had then' }) target!: string | null;
  @ApiProperty(number) instance_id!: number | null;
  @ApiProperty({ ...text, description: 'Such as the names of the changed fields' }) detail!: string | null;
  @ApiProperty({ enum: ['done', 'refused', 'failed'] }) outcome!: AuditOutcome;
  @ApiProperty({ ...text, description: 'Of the error' }) code!: string | null;
  @ApiProperty(text) request_id!: string | null;
}

export class AuditPageDto implements AuditPage {
  @ApiProperty({ type: [AuditEntryDto] }) entries!: AuditEntryDto[];
  @ApiProperty({ ...number, description: '`before` of the next page' }) next_before!: number | null;
  @ApiProperty({ type: [String], description: 'What can be filtered by; with the first page only' })
  actors!: string[];
  @ApiProperty({ type: [String], description: 'What can be filtered by; with the first page only' })
  actions!: string[];
  @ApiProperty() kept_days!: number;
  @ApiProperty() kept_entries!: number;
}
