import { ApiProperty } from '@nestjs/swagger';
import type { LogHit, LogSearchResult, LogSlice } from '../../contracts/instance.js';
import type { KeptLog, LogTime, LogTimes } from '../../contracts/logs.js';

export class LogSliceDto implements LogSlice {
  @ApiProperty({ description: 'Never cut inside a character' }) content!: string;
  @ApiProperty({ description: 'Bytes of the run' }) offset!: number;
  @ApiProperty({ description: 'Where the next piece begins' }) next_offset!: number;
  @ApiProperty() size!: number;
  @ApiProperty() run!: number;
}

export class KeptLogDto implements KeptLog {
  @ApiProperty() run!: number;
  @ApiProperty({ description: 'Above 0 when the oldest part was removed' }) first_offset!: number;
  @ApiProperty({ description: 'Offset behind the last byte' }) size!: number;
}

export class LogTimeDto implements LogTime {
  @ApiProperty() offset!: number;
  @ApiProperty({ description: 'Milliseconds since 1970, to about a tenth of a second' }) at_ms!: number;
}

export class LogTimesDto implements LogTimes {
  @ApiProperty() run!: number;
  @ApiProperty({ type: [LogTimeDto], description: 'By offset; the first may lie before the one asked for' })
  entries!: LogTimeDto[];
  @ApiProperty({ type: Number, nullable: true, description: 'Where to go on when the answer was cut' })
  next_offset!: number | null;
}

export class LogHitDto implements LogHit {
  @ApiProperty() run!: number;
  @ApiProperty({ description: 'Of the line, in bytes of its run' }) line_offset!: number;
  @ApiProperty({ description: 'Of the match, in bytes of its run' }) offset!: number;
  @ApiProperty({ description: 'Plain text around the match; empty with `brief`' }) line!: string;
  @ApiProperty({ description: 'In UTF-16 units of `line`' }) match_start!: number;
  @ApiProperty({ description: 'In UTF-16 units' }) match_length!: number;
}

export class LogSearchResultDto implements LogSearchResult {
  @ApiProperty({ type: [LogHitDto] }) hits!: LogHitDto[];
  @ApiProperty({ description: 'false: it ended at its limit of hits or time' }) is_complete!: boolean;
  @ApiProperty({ type: String, nullable: true, description: '`from` of the next search' })
  next!: string | null;
  @ApiProperty({ type: String, nullable: true, description: '`from` of a search for what is printed later' })
  resume!: string | null;
  @ApiProperty() searched_bytes!: number;
}
