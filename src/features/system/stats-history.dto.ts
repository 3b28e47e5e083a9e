import { ApiProperty } from '@nestjs/swagger';
import type { StatsHistory } from '../../contracts/system.js';

type Column = (number | null)[];

/** A column of figures that may be unknown. */
const column = { type: 'array', items: { type: 'number', nullable: true } } as const;

class GpuHistoryDto {
  @ApiProperty() index!: number;
  @ApiProperty(column) utilization_percent!: Column;
  @ApiProperty(column) memory_used_bytes!: Column;
  @ApiProperty(column) temperature_celsius!: Column;
  @ApiProperty(column) power_watts!: Column;
}

class InstanceHistoryDto {
  @ApiProperty() id!: number;
  @ApiProperty(column) cpu_percent!: Column;
  @ApiProperty(column) memory_bytes!: Column;
  @ApiProperty(column) vram_bytes!: Column;
}

/** Columns that belong together by their index. */
export class StatsHistoryDto implements StatsHistory {
  @ApiProperty({ type: [Number], description: 'Milliseconds since 1970, oldest first' }) at_ms!: number[];
  @ApiProperty({ type: [Number] }) cpu_percent!: number[];
  @ApiProperty({ type: [Number] }) memory_used_bytes!: number[];
  @ApiProperty({ type: [Number] }) disk_used_bytes!: number[];
  @ApiProperty({ type: [Number] }) load_1!: number[];
  @ApiProperty({ type: [GpuHistoryDto] }) gpus!: GpuHistoryDto[];
  @ApiProperty({ type: [InstanceHistoryDto] }) instances!: InstanceHistoryDto[];
}
