import { readConfig } from '../core/config/config.js';
import type { Config } from '../core/config/config.js';
import { ConfigError } from '../core/config/readers.js';
import { DatabaseRefused } from '../core/database/refused.js';
import { DataDirectoryInUse } from '../core/database/data-lock.js';
import { messageOf, systemCodeOf } from '../core/errors.js';
import { createLogger } from '../core/logging.js';
import type { Logger } from '../core/logging.js';
import { TlsProblem } from '../core/tls/tls-pair.js';
import { AiKore } from './aikore.js';
import { DataDirectoryUnusable } from './data-dir.js';
import { CannotKeepApart } from './keep-apart.js';

/** Exit codes: 2 for a bad variable (contract section 2), 1 for everything else that keeps it from starting. */
const EXIT_BAD_CONFIG = 2;
const EXIT_FAILED = 1;

/** Runs AiKore in the foreground until a signal ends it. */
export async function run(): Promise<void> {
  const config = readConfigOrExit();
  const logger = createLogger(config.isVerbose);
  endureTerminalLoss();
  process.on('unhandledRejection', (error) =>
    logger.error('a promise was left alone with its error', { error }),
  );
  const starting = AiKore.start(config, logger, (text) => process.stdout.write(text));
  stopOnSignals(starting, config, logger);
  try {
    await starting;
  } catch (error) {
    fail(describeFailure(error, config), EXIT_FAILED);
  }
}

function readConfigOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message, EXIT_BAD_CONFIG);
    throw error;
  }
}

/**
 * The first signal stops in order, the second at once. One that comes during the boot is obeyed after it: what has been
 * started by then must not be left behind.
 */
function stopOnSignals(starting: Promise<AiKore>, config: Config, logger: Logger): void {
  const hurry = new AbortController();
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) {
      hurry.abort();
      return;
    }
    isStopping = true;
    process.stdout.write(
      config.isKeepInstances
        ? 'Leaving; the instances run on.\n'
        : 'Stopping the instances; once more to hurry.\n',
    );
    starting
      .then((aikore) => aikore.stop(hurry.signal))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error('the stop failed', { error });
          process.exit(EXIT_FAILED);
        },
      );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Who closes the laptop over an ssh session leaves the terminal, not AiKore: no end by SIGHUP, none by a lost stdout. */
function endureTerminalLoss(): void {
  process.on('SIGHUP', () => undefined);
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}

function describeFailure(error: unknown, config: Config): string {
  if (
    error instanceof DatabaseRefused ||
    error instanceof DataDirectoryInUse ||
    error instanceof DataDirectoryUnusable ||
    error instanceof CannotKeepApart ||
    error instanceof TlsProblem
  )
    return error.message;
  if (systemCodeOf(error) === 'EADDRINUSE') {
    return `A port is taken (${messageOf(error)}). Another program, or another AiKore, uses it; choose others with AIKORE_PORT (${config.port}) and AIKORE_APPS_PORT (${config.appsPort}).`;
  }
  if (systemCodeOf(error) === 'EACCES')
    return `A port cannot be opened (${messageOf(error)}). Ports below 1024 need root; choose higher ones with AIKORE_PORT and AIKORE_APPS_PORT.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function fail(message: string, code: number): never {
  process.stderr.write(`aikore: ${message}\n`);
  process.exit(code);
}
