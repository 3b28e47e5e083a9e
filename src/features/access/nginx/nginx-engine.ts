import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { NginxFolder } from '../../../host/nginx/nginx-folder.js';
import type { NginxProcess } from '../../../host/nginx/nginx-process.js';
import { complaint } from '../../../host/nginx/nginx-program.js';
import { addressIn, generationIn, portIn, publicPortsIn } from './domain/read-config.js';
import { NGINX_FILES, slotsOf } from './domain/names.js';
import type { NginxPlan } from './domain/plan.js';
import { renderConfig } from './domain/render.js';
import type { NginxPlanner, NginxProblem } from './nginx-planner.js';
import { digestOf } from './digest.js';

const WATCH_INTERVAL_MS = 250;
/** A machine under load starts and reloads slowly. */
const VERIFY_LIMIT_MS = 8000;
const VERIFY_POLL_MS = 15;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 5000;
/** Settings often change several at a time. */
const DEBOUNCE_MS = 50;
/** What is under way may finish when AiKore ends. */
const STOP_GRACE_MS = 1500;

export interface NginxEngineOptions {
  folder: NginxFolder;
  process: NginxProcess;
  planner: NginxPlanner;
  /** Told when the problems are others than before. */
  onProblems: (problems: readonly NginxProblem[]) => void;
  /** Told after every attempt to make things as they should be. */
  onAttempt: (problems: readonly NginxProblem[]) => void;
  logger: Logger;
}

/**
 * Keeps an NGINX running that has just the configuration it should have: compares what should be with what is, and repairs
 * the difference. One writer; whatever happens meanwhile is looked at afterwards.
 */
export class NginxEngine {
  /** What the running NGINX was given and has confirmed; null while none runs. */
  private current: string | null = null;
  private currentSlots: ReadonlySet<number> = new Set();
  private stamp = '';
  private found: readonly NginxProblem[] = [];
  private queue: Promise<void> = Promise.resolve();
  private isQueued = false;
  private isClosed = false;
  private pauseMs = FIRST_PAUSE_MS;
  private notBeforeMs = 0;
  private watch: NodeJS.Timeout | null = null;

  constructor(private readonly options: NginxEngineOptions) {}

  get problems(): readonly NginxProblem[] {
    return this.found;
  }

  get isServing(): boolean {
    return this.current !== null && this.options.process.isRunning;
  }

  /** The port that NGINX serves applications on, or is to serve them on. */
  get port(): number {
    return this.current === null ? 0 : portIn(this.current);
  }

  /** Whether the running NGINX keeps idle connections to a port. */
  readonly hasSlot = (port: number): boolean => this.currentSlots.has(port);

  /** Takes over the NGINX that still runs, or starts one. Resolves after the first attempt, however it went. */
  async start(): Promise<void> {
    if (this.options.process.adopt()) await this.adopt();
    await this.reconcile();
    this.watch = setInterval(() => this.look(), WATCH_INTERVAL_MS).unref();
  }

  /** Compares and repairs, once what is being repaired now is done. Never rejects. */
  reconcile(): Promise<void> {
    if (this.isQueued) return this.queue;
    this.isQueued = true;
    this.queue = this.queue.then(async () => {
      await sleep(this.current === null ? 0 : DEBOUNCE_MS);
      this.isQueued = false;
      if (!this.isClosed) await this.settle();
    });
    return this.queue;
  }

  /** @param isKept leaves it running for the next AiKore; until then it says that AiKore is away */
  async close(isKept: boolean): Promise<void> {
    this.isClosed = true;
    if (this.watch !== null) clearInterval(this.watch);
    await this.queue;
    if (isKept) return;
    await this.options.process.stop(STOP_GRACE_MS);
    await forgetSecrets(this.options.folder);
  }

  /** Forgets who may pass; whoever asks next is decided about anew. */
  forgetPassages(): void {
    if (this.current === null) return;
    try {
      this.options.folder.empty(NGINX_FILES.cache);
    } catch (error) {
      this.options.logger.warn('kept passages cannot be removed', { error: messageOf(error) });
    }
  }

  private async adopt(): Promise<void> {
    const { folder, process, planner, logger } = this.options;
    this.stamp = folder.stampOf(NGINX_FILES.config);
    const text = folder.read(NGINX_FILES.config) ?? '';
    const running = await this.generation();
    const isSound = running !== null && generationIn(text) === running;
    // It cannot listen on a port of all addresses while it has that port of one of them.
    if (!isSound || addressIn(text) !== (await planner.address())) {
      logger.warn('an NGINX of a former run is not what it should be; another follows');
      await process.stop(0);
      return;
    }
    this.take(text);
    logger.info('took over the NGINX that still runs', { pid: process.pid });
  }

  private look(): void {
    const isDue = performance.now() >= this.notBeforeMs;
    const isLost = !this.options.process.isRunning;
    const isTampered = this.options.folder.stampOf(NGINX_FILES.config) !== this.stamp;
    if ((isLost || isTampered || this.found.length > 0) && isDue) void this.reconcile();
  }

  private async settle(): Promise<void> {
    let problems: NginxProblem[];
    try {
      problems = this.options.process.isRunning ? await this.bringUpToDate() : await this.startAnew();
    } catch (error) {
      problems = [{ key: 'shared', kind: 'broken', message: `NGINX cannot be run: ${messageOf(error)}.` }];
    }
    this.pauseMs = problems.length === 0 ? FIRST_PAUSE_MS : Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
    this.notBeforeMs = problems.length === 0 ? 0 : performance.now() + this.pauseMs;
    this.tell(problems);
    if (!this.isClosed) this.options.onAttempt(problems);
  }

  private tell(problems: NginxProblem[]): void {
    const isChanged = JSON.stringify(problems) !== JSON.stringify(this.found);
    this.found = problems;
    if (isChanged && !this.isClosed) this.options.onProblems(problems);
  }

  private async startAnew(): Promise<NginxProblem[]> {
    const { folder, process, planner, logger } = this.options;
    if (this.current !== null) {
      logger.warn('NGINX has ended; another follows');
      this.tell([{ key: 'shared', kind: 'lost', message: 'NGINX has ended. It is being started again.' }]);
    }
    const lastPort = portIn(this.current ?? folder.read(NGINX_FILES.config) ?? '');
    this.current = null;
    await process.sweep();
    await folder.renew(NGINX_FILES.temporary);
    const { plan, problems } = await planner.make({ heldPorts: new Set(), slots: null, lastPort });
    if (plan === null) return problems;
    const { text, generation } = render(plan);
    const refusal = await this.stage(text);
    if (refusal !== null) return [...problems, broken(refusal)];
    if (plan.tlsFingerprint === null) await forgetSecrets(folder);
    await folder.renew(NGINX_FILES.cache);
    await folder.remove(NGINX_FILES.controlSocket);
    await this.place();
    const position = await folder.logPosition(NGINX_FILES.errorLog);
    const isStarted = await process.start(NGINX_FILES.config, NGINX_FILES.errorLog);
    if (isStarted && (await this.confirms(generation))) {
      this.take(text);
      logger.info('NGINX runs', { pid: process.pid, port: plan.port });
      return problems;
    }
    const words = complaint(await folder.logSince(NGINX_FILES.errorLog, position));
    await process.stop(0);
    return [...problems, broken(words ?? 'it ended without a word')];
  }

  private async bringUpToDate(): Promise<NginxProblem[]> {
    const { folder, planner, logger } = this.options;
    const before = this.current;
    const stamp = folder.stampOf(NGINX_FILES.config);
    const onDisk = folder.read(NGINX_FILES.config);
    const heldPorts = new Set(before === null ? [] : [portIn(before), ...publicPortsIn(before)]);
    const held = { heldPorts, lastPort: before === null ? 0 : portIn(before) };
    let made = await planner.make({ ...held, slots: this.currentSlots });
    if (made.plan === null) return made.problems;
    const isSame = render(made.plan).text === before;
    if (isSame && onDisk === before) {
      this.stamp = stamp;
      return made.problems;
    }
    if (onDisk !== before)
      logger.warn("NGINX's configuration was changed by somebody else; it is written anew");
    // Now that it has to be read again anyway, every application gets a slot.
    if (!isSame) made = await planner.make({ ...held, slots: null });
    if (made.plan === null) return made.problems;
    const { text, generation } = render(made.plan);
    const refusal = await this.stage(text);
    if (refusal !== null) return [...made.problems, broken(refusal)];
    await this.place();
    if (isSame && (await this.generation()) === generation) return made.problems;
    return [...made.problems, ...(await this.reload(text, generation, before))];
  }

  /** `nginx -t` is passed by what then cannot be bound, and a reload that fails is only logged: so it is asked. */
  private async reload(text: string, generation: string, before: string | null): Promise<NginxProblem[]> {
    const { folder, process } = this.options;
    const position = await folder.logPosition(NGINX_FILES.errorLog);
    process.reload();
    if (await this.confirms(generation)) {
      this.take(text);
      return [];
    }
    const words = complaint(await folder.logSince(NGINX_FILES.errorLog, position));
    if (before !== null) {
      await folder.write(NGINX_FILES.stagedConfig, before);
      await this.place();
    }
    return [broken(words ?? 'it did not take over its new configuration in time')];
  }

  private async stage(text: string): Promise<string | null> {
    await this.options.folder.write(NGINX_FILES.stagedConfig, text);
    return this.options.process.program.check(NGINX_FILES.stagedConfig);
  }

  /** Its stamp is taken before anybody can have changed it in its place: a reload takes a while. */
  private async place(): Promise<void> {
    const { folder } = this.options;
    this.stamp = folder.stampOf(NGINX_FILES.stagedConfig);
    await folder.replace(NGINX_FILES.stagedConfig, NGINX_FILES.config);
  }

  private take(text: string): void {
    this.current = text;
    this.currentSlots = slotsOf(text);
  }

  private generation(): Promise<string | null> {
    return this.options.folder.ask(NGINX_FILES.controlSocket, '/generation');
  }

  private async confirms(generation: string): Promise<boolean> {
    const endMs = performance.now() + VERIFY_LIMIT_MS;
    while (this.options.process.isRunning && performance.now() < endMs) {
      if ((await this.generation()) === generation) return true;
      await sleep(VERIFY_POLL_MS);
    }
    return false;
  }
}

/** Removes what an NGINX that runs no more was shown: sign-ins, as names of what it kept, and a certificate's key. */
export async function forgetSecrets(folder: Pick<NginxFolder, 'remove'>): Promise<void> {
  for (const name of [NGINX_FILES.cache, NGINX_FILES.key, NGINX_FILES.certificate]) await folder.remove(name);
}

function render(plan: NginxPlan): { text: string; generation: string } {
  const generation = digestOf(renderConfig(plan, '0'));
  return { text: renderConfig(plan, generation), generation };
}

function broken(words: string): NginxProblem {
  return { key: 'shared', kind: 'broken', message: `NGINX does not take its configuration: ${words}.` };
}
