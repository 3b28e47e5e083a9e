import type { Gpu } from '../../contracts/system.js';
import { findProgram } from '../files/find-program.js';
import { Backoff } from './backoff.js';
import { withoutFigures } from './gpu-source.js';
import type { GpuProcess, GpuReading, GpuSource } from './gpu-source.js';
import {
  PROCESS_ARGUMENTS,
  cardArguments,
  isUnknownField,
  parseCards,
  parseProcesses,
} from './nvidia-smi.js';
import { PatientProgram } from './patient-program.js';
import type { ProgramAnswer } from './patient-program.js';

const PROGRAM = 'nvidia-smi';
/** Without persistence mode the driver sets a card up anew for every question, which takes a second or two. */
const TIMEOUT_MS = 5000;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
const MAX_WORDS_LENGTH = 160;
const NO_ANSWER = 'The NVIDIA driver does not answer.';

/** NVIDIA's cards, as `nvidia-smi` tells of them. Its index is the PCI bus order that `CUDA_DEVICE_ORDER` asks for. */
export class NvidiaGpus implements GpuSource {
  private readonly program: PatientProgram;
  private known: Gpu[] = [];
  private knowsMig = true;

  constructor(
    private readonly searchPath: string,
    timeoutMs = TIMEOUT_MS,
    backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
  ) {
    this.program = new PatientProgram({ timeoutMs, backoff, env: environment() });
  }

  async read(wantsProcesses: boolean): Promise<GpuReading> {
    // Looking is free; starting what is not there costs a process.
    const program = findProgram(this.searchPath, PROGRAM);
    if (program === null) return this.lost('nvidia-smi is gone.');
    const answer = await this.askForCards(program);
    if (answer.kind === 'hung') return this.lost(NO_ANSWER);
    const cards = answer.kind === 'ok' ? parseCards(answer.stdout, this.knowsMig) : [];
    if (cards.length === 0) return this.lost(wordsOf(answer.stdout));
    this.known = this.withLostOnes(cards);
    return { gpus: this.known, processes: wantsProcesses ? await this.askForProcesses(program) : [] };
  }

  close(): void {
    this.program.close();
  }

  private async askForCards(program: string): Promise<ProgramAnswer> {
    const answer = await this.program.ask(program, cardArguments(this.knowsMig));
    if (answer.kind !== 'failed' || !this.knowsMig || !isUnknownField(answer.stdout)) return answer;
    this.knowsMig = false;
    return this.program.ask(program, cardArguments(false));
  }

  private async askForProcesses(program: string): Promise<GpuProcess[] | null> {
    const answer = await this.program.ask(program, PROCESS_ARGUMENTS);
    return answer.kind === 'ok' ? parseProcesses(answer.stdout) : null;
  }

  /** A machine that never had a card has none; one that had keeps showing it. */
  private lost(problem: string): GpuReading {
    this.known = this.known.map((gpu) => withoutFigures(gpu, problem));
    return { gpus: this.known, processes: this.known.length === 0 ? [] : null };
  }

  /** A card that fell off the bus is left out by some drivers. Its number may be another's by now; then it goes. */
  private withLostOnes(cards: Gpu[]): Gpu[] {
    const isReplaced = (gpu: Gpu) =>
      cards.some(({ uuid, index }) => uuid === gpu.uuid || index === gpu.index);
    const lost = this.known.filter((gpu) => !isReplaced(gpu));
    const problem = 'The NVIDIA driver does not list it any more.';
    return [...cards, ...lost.map((gpu) => withoutFigures(gpu, problem))].sort((a, b) => a.index - b.index);
  }
}

/** What this process was started with, without AiKore's own secrets: a program has no business with them. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('AIKORE_'),
  );
  return Object.fromEntries(entries);
}

/** The first line that the driver printed instead of cards; what no terminal should be shown is taken out. */
function wordsOf(stdout: string): string {
  const line = (stdout.trim().split('\n', 1)[0] ?? '').replace(/[\x00-\x1f\x7f]/g, ' ').trim();
  return line === '' ? NO_ANSWER : `The NVIDIA driver says: ${line.slice(0, MAX_WORDS_LENGTH)}`;
}
