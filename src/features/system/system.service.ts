import { hostname } from 'node:os';
import si from 'systeminformation';
import type { ProxyState } from '../../contracts/proxy.js';
import type { Capability, SystemInfo } from '../../contracts/system.js';
import { readMemory } from '../../host/metrics/machine-metrics.js';
import { listeningPorts } from '../../host/ports/port-holder.js';
import type { PortRange } from '../../core/config/readers.js';
import type { GpuMonitor } from './gpu-monitor.js';

export interface SystemFacts {
  version: string;
  dataDir: string;
  instancePortRange: PortRange;
  capabilities: Capability[];
}

/** What this machine is and has. */
export class SystemService {
  private machine: Pick<SystemInfo, 'os' | 'kernel' | 'cpu_model' | 'cpu_count'> | null = null;

  constructor(
    private readonly facts: SystemFacts,
    private readonly gpus: GpuMonitor,
    private readonly leasedPublicPorts: () => readonly number[],
    private readonly warnings: () => string[],
    private readonly proxy: () => ProxyState,
  ) {}

  /** @param addresses the origins as the asking browser sees them */
  async info(addresses: { dashboard: string; apps: string; published: string }): Promise<SystemInfo> {
    const { version, dataDir, instancePortRange, capabilities } = this.facts;
    const gpus = await this.gpus.read();
    return {
      version,
      started_at: new Date(performance.timeOrigin).toISOString(),
      hostname: hostname(),
      ...(await this.describeMachine()),
      memory_total_bytes: readMemory().totalBytes,
      gpu_count: gpus.length,
      gpus,
      data_dir: dataDir,
      dashboard_url: addresses.dashboard,
      apps_url: addresses.apps,
      published_url: addresses.published,
      instance_port_range: `${instancePortRange.first}-${instancePortRange.last}`,
      proxy: this.proxy(),
      capabilities,
      warnings: this.warnings(),
    };
  }

  /** Ports of the published range that no instance has and nobody listens on. */
  availablePorts(): number[] {
    const { first, last } = this.facts.instancePortRange;
    const taken = new Set([...listeningPorts().keys(), ...this.leasedPublicPorts()]);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
      (port) => !taken.has(port),
    );
  }

  /** Does not change while AiKore runs, and asking costs programs. */
  private async describeMachine() {
    if (this.machine !== null) return this.machine;
    const [os, cpu] = await Promise.all([si.osInfo(), si.cpu()]);
    this.machine = {
      os: `${os.distro} ${os.release}`.trim(),
      kernel: os.kernel,
      cpu_model: `${cpu.manufacturer} ${cpu.brand}`.trim(),
      cpu_count: cpu.cores,
    };
    return this.machine;
  }
}
