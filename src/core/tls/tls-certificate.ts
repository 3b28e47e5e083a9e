import { statSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import type { Notice } from '../../contracts/events.js';
import type { Logger } from '../logging.js';
import { expiryWarning } from './expiry.js';
import type { TlsFiles, TlsPair } from './tls-pair.js';
import { TLS_RULES, TlsProblem, readTlsPair } from './tls-pair.js';

export interface TlsCertificateParts {
  files: TlsFiles;
  tell: (notice: Notice) => void;
  logger: Logger;
  clock?: () => number;
}

/** Renewal programs link, rename or copy files, in whatever order: looking at them is cheaper than understanding them. */
const INTERVAL_MS = 2000;

/** As long as the head of a request may take. */
const HANDSHAKE_TIMEOUT_MS = 30_000;

/** The certificate that AiKore serves with. Files that change are taken up while it runs; bad ones are kept out. */
export class TlsCertificate {
  private pair: TlsPair;
  /** The files as they were when they were judged last. */
  private judged: string;
  /** Files that do not fit each other may be half way through a renewal: they get a second look. */
  private suspected = '';
  private problem: string | null = null;
  private toldExpiry: string | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners = new Set<() => void>();

  /** @throws TlsProblem when the files cannot be used */
  constructor(private readonly parts: TlsCertificateParts) {
    this.judged = signatureOf(parts.files);
    this.pair = readTlsPair(parts.files);
  }

  /** For a server that begins to serve with it. */
  get options(): TlsOptions {
    const { cert, key } = this.pair;
    return { ...TLS_RULES, cert, key, ALPNProtocols: ['http/1.1'], handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  }

  /** What the operator should know now; empty when all is well. */
  get warnings(): string[] {
    return [this.problem, this.expiry].filter((warning) => warning !== null);
  }

  /** @param listener is called when another certificate has taken the place of the one before */
  onRenewed(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Looks at the files again and again until `close`. */
  start(): void {
    this.look();
    this.timer = setInterval(() => this.look(), INTERVAL_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Looks at the files once. */
  look(): void {
    const signature = signatureOf(this.parts.files);
    if (signature !== this.judged) this.judge(signature);
    this.tellExpiry();
  }

  private judge(signature: string): void {
    try {
      const pair = readTlsPair(this.parts.files);
      this.judged = signature;
      this.take(pair);
    } catch (error) {
      if (!(error instanceof TlsProblem)) throw error;
      if (this.suspected === signature) this.keepOut(signature, error);
      this.suspected = signature;
    }
  }

  private take(pair: TlsPair): void {
    const isNew = pair.cert !== this.pair.cert || pair.key !== this.pair.key;
    if (!isNew && this.problem === null) return;
    this.problem = null;
    this.pair = pair;
    if (isNew) for (const listener of this.listeners) listener();
    const until = new Date(pair.validToMs).toISOString();
    this.parts.logger.info('a renewed TLS certificate is in use', { until });
    this.tell('info', `AiKore serves with a renewed TLS certificate, valid until ${until.slice(0, 10)}.`);
  }

  private keepOut(signature: string, error: TlsProblem): void {
    this.judged = signature;
    this.problem = `The changed TLS certificate is not in use: ${error.message} AiKore goes on with the one that it had.`;
    this.parts.logger.warn('a changed TLS certificate cannot be used', { problem: error.message });
    this.tell('warning', this.problem);
  }

  private get expiry(): string | null {
    return expiryWarning(this.pair, (this.parts.clock ?? Date.now)());
  }

  private tellExpiry(): void {
    const warning = this.expiry;
    if (warning === this.toldExpiry) return;
    this.toldExpiry = warning;
    if (warning === null) return;
    this.parts.logger.warn(warning);
    this.tell('warning', warning);
  }

  private tell(level: Notice['level'], message: string): void {
    this.parts.tell({ level, message, instance_id: null });
  }
}

/** Changes whenever one of the files does, or what a link on the way to it leads to. */
function signatureOf({ certFile, keyFile }: TlsFiles): string {
  return [certFile, keyFile].map(stateOf).join(' ');
}

function stateOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [ino, size, mtimeMs, ctimeMs].join('.');
  } catch {
    return 'gone';
  }
}
