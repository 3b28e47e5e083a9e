import { chmodSync } from 'node:fs';
import type { Logger } from '../../../core/logging.js';
import type { NginxFolder } from '../../../host/nginx/nginx-folder.js';
import type { NginxProcess } from '../../../host/nginx/nginx-process.js';
import type { AccessCaller, LiveSockets, OwnCredentials } from '../access.ports.js';
import type { AppsHandler } from '../apps-handler.js';
import { AppsListener } from '../apps-listener.js';
import { NGINX_FILES } from './domain/names.js';
import { MAX_FRONT_BYTES, takeFrontFacts } from './front.js';
import type { Callers } from './lasting-passages.js';
import { LastingPassages } from './lasting-passages.js';
import { PassageNotes } from './passage-notes.js';
import { NginxEngine } from './nginx-engine.js';
import type { NginxPlanner, NginxProblem } from './nginx-planner.js';
import { PassageServer } from './passage-server.js';

export interface NginxAppsOptions<Caller extends AccessCaller> {
  folder: NginxFolder;
  process: NginxProcess;
  planner: NginxPlanner;
  handler: AppsHandler<Caller>;
  credentials: OwnCredentials;
  liveSockets: LiveSockets<Caller>;
  callers: Callers<Caller>;
  onProblems: (problems: readonly NginxProblem[]) => void;
  onAttempt: (problems: readonly NginxProblem[]) => void;
  logger: Logger;
}

/** The NGINX engine: NGINX on the ports, and behind it, on unix sockets, what only AiKore can answer. */
export class NginxApps<Caller extends AccessCaller> {
  readonly engine: NginxEngine;
  private readonly listener: AppsListener<Caller>;
  private readonly passages: PassageServer<Caller>;
  private readonly lasting: LastingPassages<Caller>;

  constructor(private readonly options: NginxAppsOptions<Caller>) {
    const { folder, process, planner, handler, credentials, liveSockets, logger } = options;
    const { onProblems, onAttempt } = options;
    this.engine = new NginxEngine({ folder, process, planner, onProblems, onAttempt, logger });
    this.lasting = new LastingPassages({
      liveSockets,
      callers: options.callers,
      notes: new PassageNotes(folder),
      endWorker: (pid) => {
        const isEnded = process.endWorker(pid);
        logger.info('a sign-in ended, and with it the worker that had its connections', { pid, isEnded });
      },
      logger,
    });
    this.passages = new PassageServer({
      handler,
      credentials,
      hasSlot: this.engine.hasSlot,
      lasting: this.lasting,
      logger,
    });
    this.listener = new AppsListener(handler, takeFrontFacts, null, MAX_FRONT_BYTES);
  }

  /** Serves. Resolves after the first attempt to run NGINX; `engine.problems` tells how it went. */
  async start(): Promise<void> {
    await this.listen(NGINX_FILES.appsSocket, (path) => this.listener.listen({ path }));
    await this.listen(NGINX_FILES.passageSocket, (path) => this.passages.listen(path));
    await this.engine.start();
    this.lasting.takeOver();
  }

  /** Whether a process is of this NGINX. */
  hasProcess(pid: number): boolean {
    return this.options.process.has(pid);
  }

  /** @param isKept leaves NGINX running, with its WebSockets, for the next AiKore */
  async close(isKept: boolean): Promise<void> {
    await this.engine.close(isKept);
    await Promise.all([this.listener.close(), this.passages.close()]);
    this.lasting.close();
    this.options.folder.close();
  }

  /** What a former AiKore left lies in the way; nobody else can be there, as the data directory is locked. */
  private async listen(name: string, listen: (path: string) => Promise<unknown>): Promise<void> {
    const { folder } = this.options;
    await folder.remove(name);
    await listen(folder.socketPath(name));
    chmodSync(folder.file(name), 0o600);
  }
}
