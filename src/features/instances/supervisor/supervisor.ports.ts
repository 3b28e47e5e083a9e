import type { Ending } from '../domain/exit-reason.js';
import type { ProbeResult } from '../domain/readiness.js';
import type { InstanceEntity, InstanceState } from '../instance.entity.js';
import type { ProbeSpec } from '../../../contracts/blueprint.js';

/** The running side of an instance, whoever runs it. */
export interface RunHandle {
  /** Asks for the end of the whole tree; `onEnded` tells when it is reached. */
  terminate(graceMs: number): void;
  killTree(): void;
  /** Lets go without ending anything. */
  release(): void;
}

/** Hears that the log of a run has grown to a size in bytes. */
export type OutputListener = (logSizeBytes: number, run: number) => void;

export interface RunListener {
  onOutput: OutputListener;
  onEnded(ending: Ending & { endedAt: Date; note: string }): void;
}

/** What a start brought. */
export interface StartedRun {
  handle: RunHandle;
  run: number;
  pid: number;
  /** Differs from the row's when something else held the old one. */
  port: number;
  probe: ProbeSpec;
  note: string;
}

/** A run that was found at boot. */
export interface FoundRun {
  handle: RunHandle;
  run: number;
  pid: number;
  /** That the application was given at its start; the row's may have been changed since. */
  port: number;
  startedAt: Date;
  probe: ProbeSpec;
}

/** A run that ended while nobody looked. */
export interface MissedEnd {
  ending: Ending & { endedAt: Date; note: string };
  run: number;
  /** False: AiKore ended before anything was launched, so the log is an earlier run's. */
  hasRun: boolean;
  /** It was asked to end, which the row does not say: that could not be stored. */
  wasAsked: boolean;
}

/** Starts and finds runs. The local one is in this folder; a cluster's would stand beside it. */
export interface RunnerPort {
  /**
   * Starts the next run of an instance.
   * @throws an Error whose message is a sentence for the operator; then nothing of it runs
   */
  start(row: InstanceEntity, listener: RunListener): Promise<StartedRun>;
  /** Looks for what an earlier AiKore left running; null when nothing was running. */
  find(row: InstanceEntity, listener: RunListener): Promise<FoundRun | MissedEnd | null>;
}

export interface ProbePort {
  probe(spec: ProbeSpec, port: number, slug: string): Promise<ProbeResult>;
  /** Other ports on which an application listens that should listen on this one; looked up once, for a sentence. */
  otherPorts(port: number, slug: string): Promise<number[]>;
}

/** The last lines of the current log, for the evidence of a failure. Implemented above this feature. */
export interface EvidencePort {
  lastLines(row: InstanceEntity, count: number): Promise<string[]>;
}

export interface StatePort {
  save(id: number, state: Partial<InstanceState>): Promise<void>;
  endRun(id: number, run: number, ending: Ending & { endedAt: Date }, reason: string): Promise<void>;
  /** Tells everybody; called after every change, in order. */
  changed(row: InstanceEntity): void;
  /** Tells everybody something that needs their attention beyond the state. */
  warn(row: InstanceEntity, message: string): void;
  /** The database had no room for what was to be saved. */
  noteDiskFull?(): void;
}

export interface Clock {
  /** Monotonic milliseconds. */
  monotonicMs(): number;
  now(): Date;
}

export interface SupervisorPorts {
  runner: RunnerPort;
  probe: ProbePort;
  evidence: EvidencePort;
  state: StatePort;
  clock: Clock;
  /** Name of the phase that the blueprint announced last in this part of the log. */
  phase: PhasePort;
}

export interface PhasePort {
  /** Reads what was appended since the last call; null when no step was announced in it. */
  newestStep(row: InstanceEntity, fromBytes: number, toBytes: number): Promise<string | null>;
}

export interface SupervisorOptions {
  stalledAfterMs: number;
  stopGraceMs: number;
}
