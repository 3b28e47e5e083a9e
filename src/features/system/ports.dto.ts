import { ApiProperty } from '@nestjs/swagger';
import type { PortLease, PortUse, PortsView } from '../../contracts/ports.js';

export class PortLeaseDto implements PortLease {
  @ApiProperty() port!: number;
  @ApiProperty({ enum: ['application', 'published', 'desktop'] }) use!: PortUse;
  @ApiProperty() instance_id!: number;
  @ApiProperty() instance_name!: string;
  @ApiProperty({ description: 'Somebody listens on it now' }) is_listening!: boolean;
  @ApiProperty({ type: [String], description: 'Addresses beyond loopback, reached past AiKore’s sign-in' })
  exposed_addresses!: string[];
}

class PortRangeDto {
  @ApiProperty() first!: number;
  @ApiProperty() last!: number;
}

export class PortsViewDto implements PortsView {
  @ApiProperty() dashboard_port!: number;
  @ApiProperty() apps_port!: number;
  @ApiProperty({ type: PortRangeDto, description: 'The published range, both ends included' })
  range!: PortRangeDto;
  @ApiProperty({ type: [PortLeaseDto] }) leases!: PortLeaseDto[];
  @ApiProperty({ type: [Number], description: 'Of the range: leased by nobody, and nobody listens' })
  free_ports!: number[];
  @ApiProperty({ type: [Number], description: 'Of the range: leased by nobody, and another program listens' })
  foreign_ports!: number[];
}

export class AvailablePortsDto {
  @ApiProperty({ type: [Number] }) available_ports!: number[];
}
