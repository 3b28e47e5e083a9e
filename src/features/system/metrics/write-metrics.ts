import type { InstanceStatus } from '../../../contracts/instance.js';
import type { SystemStats } from '../../../contracts/system.js';
import type { OwnFigures } from '../../../host/metrics/own-process.js';
import { PrometheusText } from './prometheus-text.js';

/** An instance as the metrics show it. */
export interface InstanceMetrics {
  id: number;
  slug: string;
  status: InstanceStatus;
  statusSince: string;
  run: number;
  restarts: number;
  /** null while it does not run. */
  tree: { cpuSeconds: number; memoryBytes: number; processCount: number; startedAtMs: number } | null;
}

/** Everything that the metrics tell. */
export interface MetricsFacts {
  version: string;
  nodeVersion: string;
  viewers: number;
  stats: SystemStats;
  instances: readonly InstanceMetrics[];
  own: OwnFigures;
}

const STATUSES: readonly InstanceStatus[] = [
  'stopped',
  'queued',
  'starting',
  'started',
  'stalled',
  'stopping',
  'error',
];

/**
 * The metrics as text. Labels are what is bounded and does not change: the number and the slug of an instance, never its
 * name, a path or a sentence.
 */
export function writeMetrics(facts: MetricsFacts): string {
  const text = new PrometheusText();
  text.add('aikore_build_info', 'gauge', 'Version of AiKore and of Node; always 1.', [
    [{ version: facts.version, node_version: facts.nodeVersion }, 1],
  ]);
  text.one('aikore_viewers', 'gauge', 'Open dashboards.', facts.viewers);
  writeMachine(text, facts.stats);
  writeGpus(text, facts.stats);
  writeStates(text, facts.instances);
  writeTrees(text, facts);
  writeOwn(text, facts.own);
  return text.toString();
}

function writeMachine(text: PrometheusText, stats: SystemStats): void {
  const gauge = (name: string, help: string, value: number): void => text.one(name, 'gauge', help, value);
  gauge('aikore_machine_cpu_usage_ratio', 'Load of all cores together, 0 to 1.', stats.cpu_percent / 100);
  gauge('aikore_machine_load1', 'Load average over a minute.', stats.load_1);
  gauge('aikore_machine_memory_total_bytes', 'Memory of the machine.', stats.memory_total_bytes);
  gauge(
    'aikore_machine_memory_used_bytes',
    'Memory in use that cannot be reclaimed.',
    stats.memory_used_bytes,
  );
  gauge('aikore_data_disk_total_bytes', 'Size of the disk with the data directory.', stats.disk_total_bytes);
  gauge(
    'aikore_data_disk_free_bytes',
    'Space left on the disk with the data directory.',
    stats.disk_free_bytes,
  );
}

function writeGpus(text: PrometheusText, { gpus }: SystemStats): void {
  type Card = SystemStats['gpus'][number];
  const add = (name: string, help: string, value: (gpu: Card) => number | null): void => {
    const samples = gpus.map((gpu) => [{ gpu: gpu.index, uuid: gpu.uuid }, value(gpu)] as const);
    text.add(name, 'gauge', help, samples);
  };
  text.add(
    'aikore_gpu_info',
    'gauge',
    'Name and vendor of a GPU; always 1.',
    gpus.map(({ index, uuid, name, vendor }) => [{ gpu: index, uuid, name, vendor }, 1] as const),
  );
  add('aikore_gpu_up', '1 while the driver answers for this GPU.', ({ problem }) =>
    problem === null ? 1 : 0,
  );
  add('aikore_gpu_memory_total_bytes', 'Memory of a GPU.', (gpu) => gpu.memory_total_bytes);
  add('aikore_gpu_memory_used_bytes', 'Memory of a GPU in use.', (gpu) => gpu.memory_used_bytes);
  add('aikore_gpu_utilization_ratio', 'Share of time in which a GPU computed, 0 to 1.', (gpu) =>
    gpu.utilization_percent === null ? null : gpu.utilization_percent / 100,
  );
  add('aikore_gpu_temperature_celsius', 'Temperature of a GPU.', (gpu) => gpu.temperature_celsius);
  add('aikore_gpu_power_watts', 'Power that a GPU draws.', (gpu) => gpu.power_watts);
}

const labelsOf = ({ id, slug }: InstanceMetrics) => ({ id, instance: slug });

function writeStates(text: PrometheusText, instances: readonly InstanceMetrics[]): void {
  const add = (
    name: string,
    type: 'gauge' | 'counter',
    help: string,
    value: (instance: InstanceMetrics) => number | null,
  ): void =>
    text.add(
      name,
      type,
      help,
      instances.map((instance) => [labelsOf(instance), value(instance)] as const),
    );
  text.add(
    'aikore_instance_status',
    'gauge',
    'One sample a status, 1 for the one that an instance has.',
    instances.flatMap((instance) =>
      STATUSES.map(
        (status) => [{ ...labelsOf(instance), status }, instance.status === status ? 1 : 0] as const,
      ),
    ),
  );
  add(
    'aikore_instance_status_since_seconds',
    'gauge',
    'When the status began, in seconds since 1970.',
    (instance) => secondsOf(instance.statusSince),
  );
  add('aikore_instance_runs_total', 'counter', 'Starts of an instance.', ({ run }) => run);
  add(
    'aikore_instance_restarts_total',
    'counter',
    'Automatic restarts since the last start by hand.',
    ({ restarts }) => restarts,
  );
}

function writeTrees(text: PrometheusText, { instances, stats }: MetricsFacts): void {
  const running = instances.flatMap((instance) =>
    instance.tree === null ? [] : [{ labels: labelsOf(instance), ...instance.tree }],
  );
  type Running = (typeof running)[number];
  const add = (
    name: string,
    type: 'gauge' | 'counter',
    help: string,
    value: (tree: Running) => number | null,
  ): void =>
    text.add(
      name,
      type,
      help,
      running.map((tree) => [tree.labels, value(tree)] as const),
    );
  add(
    'aikore_instance_cpu_seconds_total',
    'counter',
    'CPU time of its processes in this run.',
    (tree) => tree.cpuSeconds,
  );
  add(
    'aikore_instance_memory_bytes',
    'gauge',
    'Resident memory of its processes.',
    (tree) => tree.memoryBytes,
  );
  add('aikore_instance_processes', 'gauge', 'Living processes.', (tree) => tree.processCount);
  const nowMs = Date.parse(stats.at);
  add('aikore_instance_uptime_seconds', 'gauge', 'Age of this run.', (tree) =>
    Math.max(0, (nowMs - tree.startedAtMs) / 1000),
  );
  const vram = new Map(stats.instances.map(({ id, vram_bytes }) => [id, vram_bytes]));
  const samples = running.map(
    ({ labels }) => [{ ...labels, source: stats.vram_source }, vram.get(labels.id) ?? null] as const,
  );
  text.add(
    'aikore_instance_vram_bytes',
    'gauge',
    'GPU memory of its processes, or with source="mask" of all that its cards hold.',
    samples,
  );
}

function writeOwn(text: PrometheusText, own: OwnFigures): void {
  text.one('process_cpu_seconds_total', 'counter', 'CPU time of AiKore itself.', own.cpuSeconds);
  text.one('process_resident_memory_bytes', 'gauge', 'Resident memory of AiKore itself.', own.residentBytes);
  text.one(
    'process_start_time_seconds',
    'gauge',
    'When AiKore began, in seconds since 1970.',
    own.startedAtSeconds,
  );
  text.one('process_open_fds', 'gauge', 'Open file descriptors of AiKore itself.', own.openFileCount);
  text.one(
    'aikore_heap_used_bytes',
    'gauge',
    'Memory that JavaScript objects of AiKore use.',
    own.heapUsedBytes,
  );
  text.one(
    'aikore_event_loop_lag_seconds',
    'gauge',
    'How late the event loop was just now.',
    own.loopLagSeconds,
  );
}

function secondsOf(isoTime: string): number | null {
  const ms = Date.parse(isoTime);
  return Number.isNaN(ms) ? null : ms / 1000;
}
