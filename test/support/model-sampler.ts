import { readFileSync, readdirSync } from 'node:fs';
import { parseEnvironment } from './processes.js';

/** A process of an instance's run, its runner left out. */
export interface RunProcess {
  pid: number;
  /** Value of `MODEL_KEY` in its environment; where there is none, the folder of its instance. */
  key: string;
  marker: string;
}

const INTERVAL_MS = 10;
/** Looking into every strange process a hundred times a second would be most of the test's work. */
const STRANGER_FOR_MS = 300;
const MARKER = Buffer.from('AIKORE_INSTANCE_MARKER=');

/**
 * Looks every 10 ms what runs of the instances of one data directory, from /proc alone, and notes every moment in which
 * an instance has more than one copy. A process without the marker is not seen; those note their pid in a file.
 */
export class TreeSampler {
  /** One sentence for each instance that was seen with two copies. */
  readonly violations: string[] = [];
  sampleCount = 0;
  private readonly strangers = new Map<number, number>();
  private readonly accused = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  /** @param onSample called after every look */
  constructor(
    private readonly dataDir: string,
    private readonly onSample: (processes: RunProcess[]) => void = () => undefined,
  ) {}

  start(): this {
    this.timer = setInterval(() => this.sample(), INTERVAL_MS);
    return this;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** What runs now. */
  look(): RunProcess[] {
    const nowMs = performance.now();
    const found: RunProcess[] = [];
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || (this.strangers.get(pid) ?? 0) > nowMs) continue;
      const environment = readQuietly(`/proc/${name}/environ`);
      if (environment.includes(MARKER) && environment.includes(this.dataDir)) {
        // Before its exec, a child of the runner is still counted as one.
        if (!readQuietly(`/proc/${name}/comm`).toString().startsWith('aikore-runner'))
          found.push(describe(pid, environment));
      } else if (environment.length > 0) {
        this.strangers.set(pid, nowMs + STRANGER_FOR_MS);
      }
    }
    return found;
  }

  private sample(): void {
    this.sampleCount += 1;
    const processes = this.look();
    for (const [key, markers] of copiesByKey(processes)) {
      const accusation = `${key}: ${[...markers].join(', ')}`;
      if (markers.size < 2 || this.accused.has(accusation)) continue;
      this.accused.add(accusation);
      const pids = processes.filter((process) => process.key === key).map(({ pid }) => pid);
      this.violations.push(`two copies of ${accusation} (pids ${pids.join(', ')})`);
    }
    this.onSample(processes);
  }
}

/** Markers of the living runs of each instance. */
export function copiesByKey(processes: readonly RunProcess[]): Map<string, Set<string>> {
  const copies = new Map<string, Set<string>>();
  for (const { key, marker } of processes) copies.set(key, (copies.get(key) ?? new Set()).add(marker));
  return copies;
}

function describe(pid: number, environment: Buffer): RunProcess {
  const variables = parseEnvironment(environment.toString());
  const key = variables.get('MODEL_KEY') ?? variables.get('INSTANCE_CONF_DIR') ?? '';
  return { pid, key, marker: variables.get('AIKORE_INSTANCE_MARKER') ?? '' };
}

/** Empty when the process has gone, is a zombie, or is somebody else's. */
function readQuietly(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
