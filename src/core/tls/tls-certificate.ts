import { statSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import type { Logger } from '../logging.js';
import type { StandingWarnings } from '../warnings/standing-warnings.js';
import { expiryWarning } from './expiry.js';
import type { TlsFiles, TlsPair } from './tls-pair.js';
import { TlsProblem, readTlsPair } from './tls-pair.js';
import { TLS_RULES } from './tls-rules.js';

export interface TlsCertificateParts {
  files: TlsFiles;
  warnings: Pick<StandingWarnings, 'set'>;
  logger: Logger;
  clock?: () => number;
}

/** Renewal programs link, rename or copy files, in whatever order: looking at them is cheaper than understanding them. */
const INTERVAL_MS = 2000;

/** Keys of the warnings. */
const FILES = 'tls files';
const EXPIRY = 'tls expiry';
const RENEWED = 'A renewed TLS certificate is in use.';

/** As long as the head of a request may take. */
const HANDSHAKE_TIMEOUT_MS = 30_000;

/** The certificate that AiKore serves with. Files that change are taken up while it runs; bad ones are kept out. */
export class TlsCertificate {
  private pair: TlsPair;
  /** The files as they were when they were judged last. */
  private judged: string;
  /** Files that do not fit each other may be half way through a renewal: they get a second look. */
  private suspected = '';
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

  /** What is served with now, in PEM format. */
  get pem(): Pick<TlsPair, 'cert' | 'key'> {
    return this.pair;
  }

  /**
   * @param listener is called when another certificate has taken the place of the one before
   * @returns what takes it off
   */
  onRenewed(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
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
    const nowMs = (this.parts.clock ?? Date.now)();
    this.parts.warnings.set(EXPIRY, expiryWarning(this.pair, nowMs), RENEWED);
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
    this.pair = pair;
    this.parts.warnings.set(FILES, null, 'The files of the TLS certificate are in order again.');
    if (!isNew) return;
    for (const listener of this.listeners) listener();
    this.parts.logger.info(RENEWED, { until: new Date(pair.validToMs).toISOString() });
  }

  private keepOut(signature: string, error: TlsProblem): void {
    this.judged = signature;
    this.parts.logger.warn('a changed TLS certificate cannot be used', { problem: error.message });
    const sentence = `The changed TLS certificate is not in use: ${error.message} AiKore goes on with the one that it had.`;
    this.parts.warnings.set(FILES, sentence);
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
