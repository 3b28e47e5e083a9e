import type { ProxyState } from './proxy.js';

export type GpuVendor = 'nvidia' | 'amd';

export interface Gpu {
  /**
   * NVIDIA's cards in PCI bus order, which is the number that `gpu_ids` holds; AMD's behind them, also in PCI bus order.
   */
  index: number;
  vendor: GpuVendor;
  uuid: string;
  name: string;
  /** False: `gpu_ids` cannot name it, because its numbers go to another vendor's driver. */
  is_selectable: boolean;
  /** It is divided into MIG devices; the figures are the whole card's, as far as it tells them. */
  is_mig: boolean;
  /** Why there are no figures, such as a driver that does not answer; null when all is well. */
  problem: string | null;
  /** 0: the driver does not tell. */
  memory_total_bytes: number;
  memory_used_bytes: number | null;
  utilization_percent: number | null;
  temperature_celsius: number | null;
  power_watts: number | null;
}

/** What the process tree of one running instance uses. */
export interface InstanceFigures {
  id: number;
  /** 100 is one core. */
  cpu_percent: number;
  /** Resident memory of all its processes together; pages that several share count for each. */
  memory_bytes: number;
  process_count: number;
  /** null: not known, see `vram_source`. */
  vram_bytes: number | null;
}

/**
 * Where `vram_bytes` comes from: the driver's list of processes; or, where that list has process ids of another
 * namespace, what the cards of the instance's mask hold altogether; or nowhere.
 */
export type VramSource = 'processes' | 'mask' | 'none';

/** A part that this machine has or lacks, with what its absence costs. */
export interface Capability {
  name: string;
  present: boolean;
  detail: string;
}

/** How the disk of the data directory stands: `low` is a warning, with `full` nothing can be saved. */
export type DiskState = 'ok' | 'low' | 'full';

/** Answer of `GET /api/system/info`: what does not change while AiKore runs. */
export interface SystemInfo {
  version: string;
  /** When AiKore started; ISO 8601, UTC. */
  started_at: string;
  hostname: string;
  os: string;
  kernel: string;
  cpu_model: string;
  cpu_count: number;
  memory_total_bytes: number;
  gpu_count: number;
  gpus: Gpu[];
  data_dir: string;
  dashboard_url: string;
  apps_url: string;
  /** What an address on a port of the published range begins with, such as `http://box`; `:<port>/` follows. */
  published_url: string;
  instance_port_range: string;
  proxy: ProxyState;
  capabilities: Capability[];
  /** What needs the operator's attention now, such as a full disk; each was also told as a notice when it began. */
  warnings: string[];
}

/** Answer of `GET /api/system/stats` and data of the event `system.stats`. */
export interface SystemStats {
  /** Of all cores together, 0–100. */
  cpu_percent: number;
  memory_total_bytes: number;
  memory_used_bytes: number;
  disk_total_bytes: number;
  disk_free_bytes: number;
  disk_state: DiskState;
  load_1: number;
  gpus: Gpu[];
  /** One entry for each instance that runs, or for those that changed: see `has_all_instances`. */
  instances: InstanceFigures[];
  /**
   * False only in events: instances that are not listed have the figures that were told last. When one does not run any
   * more, the next event has all.
   */
  has_all_instances: boolean;
  vram_source: VramSource;
  at: string;
}

/**
 * Answer of `GET /api/system/stats/history`: the last hour, oldest first, in columns that belong together by their index.
 * Points are 2 s apart while somebody looked and 30 s otherwise; null where nothing was known.
 */
export interface StatsHistory {
  /** Milliseconds since 1970. */
  at_ms: number[];
  cpu_percent: number[];
  memory_used_bytes: number[];
  disk_used_bytes: number[];
  load_1: number[];
  gpus: {
    index: number;
    utilization_percent: (number | null)[];
    memory_used_bytes: (number | null)[];
    temperature_celsius: (number | null)[];
    power_watts: (number | null)[];
  }[];
  instances: {
    id: number;
    cpu_percent: (number | null)[];
    memory_bytes: (number | null)[];
    vram_bytes: (number | null)[];
  }[];
}

/** Answer of `GET /api/status`, the only thing that is told to everybody. */
export interface PublicStatus {
  status: 'ok';
  name: 'AiKore';
  version: string;
  /** No password is set: sign in with the one-time link that the start printed. */
  setup_required: boolean;
}
