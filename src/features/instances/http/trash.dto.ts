import { ApiProperty } from '@nestjs/swagger';
import type { TrashEntry } from '../../../contracts/instance.js';
import type { TrashEntrySize } from '../../../contracts/trash.js';

export class TrashEntryDto implements TrashEntry {
  @ApiProperty({ description: 'Its folder in the trash can; names it in the other routes' }) name!: string;
  @ApiProperty() instance_name!: string;
  @ApiProperty({ type: String, nullable: true }) base_blueprint!: string | null;
  @ApiProperty({ format: 'date-time' }) deleted_at!: string;
  @ApiProperty({ type: Number, nullable: true, description: 'null: not counted yet' })
  size_bytes!: number | null;
}

export class TrashEntrySizeDto implements TrashEntrySize {
  @ApiProperty({ description: 'What its files take on the disk' }) size_bytes!: number;
  @ApiProperty() file_count!: number;
}
