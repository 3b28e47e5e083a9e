import { ApiProperty } from '@nestjs/swagger';
import type { ProxyEngine, ProxyState } from '../../contracts/proxy.js';
import type {
  Capability,
  DiskState,
  Gpu,
  GpuVendor,
  InstanceFigures,
  PublicStatus,
  SystemInfo,
  SystemStats,
  VramSource,
} from '../../contracts/system.js';

const number = { type: Number, nullable: true } as const;
const text = { type: String, nullable: true } as const;

export class GpuDto implements Gpu {
  @ApiProperty({ description: 'What `gpu_ids` holds' }) index!: number;
  @ApiProperty({ enum: ['nvidia', 'amd'] }) vendor!: GpuVendor;
  @ApiProperty() uuid!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'false: `gpu_ids` cannot name it' }) is_selectable!: boolean;
  @ApiProperty() is_mig!: boolean;
  @ApiProperty({ ...text, description: 'Why there are no figures' }) problem!: string | null;
  @ApiProperty({ description: '0: the driver does not tell' }) memory_total_bytes!: number;
  @ApiProperty(number) memory_used_bytes!: number | null;
  @ApiProperty(number) utilization_percent!: number | null;
  @ApiProperty(number) temperature_celsius!: number | null;
  @ApiProperty(number) power_watts!: number | null;
}

export class CapabilityDto implements Capability {
  @ApiProperty({ example: 'ShellCheck' }) name!: string;
  @ApiProperty() present!: boolean;
  @ApiProperty({ description: 'Its path, or what its absence costs' }) detail!: string;
}

export class ProxyStateDto implements ProxyState {
  @ApiProperty({ enum: ['nginx', 'embedded'] }) engine!: ProxyEngine;
  @ApiProperty() is_serving!: boolean;
  @ApiProperty({ ...text, description: "NGINX's, such as 1.22.1" }) version!: string | null;
}

export class SystemInfoDto implements SystemInfo {
  @ApiProperty() version!: string;
  @ApiProperty({ format: 'date-time' }) started_at!: string;
  @ApiProperty() hostname!: string;
  @ApiProperty() os!: string;
  @ApiProperty() kernel!: string;
  @ApiProperty() cpu_model!: string;
  @ApiProperty() cpu_count!: number;
  @ApiProperty() memory_total_bytes!: number;
  @ApiProperty() gpu_count!: number;
  @ApiProperty({ type: [GpuDto] }) gpus!: GpuDto[];
  @ApiProperty() data_dir!: string;
  @ApiProperty() dashboard_url!: string;
  @ApiProperty() apps_url!: string;
  @ApiProperty({ description: 'What addresses on published ports begin with', example: 'http://box' })
  published_url!: string;
  @ApiProperty({ example: '19001-19020' }) instance_port_range!: string;
  @ApiProperty({ type: ProxyStateDto }) proxy!: ProxyStateDto;
  @ApiProperty({ type: [CapabilityDto] }) capabilities!: CapabilityDto[];
  @ApiProperty({ type: [String], description: 'What needs attention now' }) warnings!: string[];
}

export class InstanceFiguresDto implements InstanceFigures {
  @ApiProperty() id!: number;
  @ApiProperty({ description: '100 is one core' }) cpu_percent!: number;
  @ApiProperty() memory_bytes!: number;
  @ApiProperty() process_count!: number;
  @ApiProperty({ ...number, description: 'null: not known, see `vram_source`' }) vram_bytes!: number | null;
}

export class SystemStatsDto implements SystemStats {
  @ApiProperty({ description: 'Of all cores together, 0 to 100' }) cpu_percent!: number;
  @ApiProperty() memory_total_bytes!: number;
  @ApiProperty() memory_used_bytes!: number;
  @ApiProperty() disk_total_bytes!: number;
  @ApiProperty() disk_free_bytes!: number;
  @ApiProperty({ enum: ['ok', 'low', 'full'] }) disk_state!: DiskState;
  @ApiProperty() load_1!: number;
  @ApiProperty({ type: [GpuDto] }) gpus!: GpuDto[];
  @ApiProperty({ type: [InstanceFiguresDto] }) instances!: InstanceFiguresDto[];
  @ApiProperty({ description: 'false, in events: instances that are not listed are as told last' })
  has_all_instances!: boolean;
  @ApiProperty({ enum: ['processes', 'mask', 'none'] }) vram_source!: VramSource;
  @ApiProperty({ format: 'date-time' }) at!: string;
}

export class PublicStatusDto implements PublicStatus {
  @ApiProperty({ enum: ['ok'] }) status!: 'ok';
  @ApiProperty({ enum: ['AiKore'] }) name!: 'AiKore';
  @ApiProperty() version!: string;
  @ApiProperty({ description: 'No password is set: sign in with the printed link' }) setup_required!: boolean;
}
