/** What a leased port is for: the application's own, one of the published range, or a desktop. */
export type PortUse = 'application' | 'published' | 'desktop';

/** A port that an instance keeps as long as it exists. */
export interface PortLease {
  port: number;
  use: PortUse;
  instance_id: number;
  instance_name: string;
  /** Somebody listens on it now. */
  is_listening: boolean;
  /** Addresses other than loopback that are listened on, so that others reach it without AiKore's sign-in. */
  exposed_addresses: string[];
}

/** Answer of `GET /api/system/ports`: how the machine's ports are at this moment. */
export interface PortsView {
  dashboard_port: number;
  apps_port: number;
  /** Of the published range, both ends included. */
  range: { first: number; last: number };
  leases: PortLease[];
  /** Of the range: leased by nobody, and nobody listens. */
  free_ports: number[];
  /** Of the range: leased by nobody, and another program listens. */
  foreign_ports: number[];
}
