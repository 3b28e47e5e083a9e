import { findProgram } from '../files/find-program.js';
import { runProgram } from '../processes/run-program.js';
import { DISPLAY_DRIVERS } from './display-driver.js';
import type { DisplayClient, DisplayDriver, DriverName, ServerOrder } from './display-driver.js';

const VERSION_LIMIT_MS = 5000;
const MAX_VERSION_BYTES = 16_384;

/** An X server of this machine. */
export class DisplayServer {
  constructor(
    private readonly driver: DisplayDriver,
    readonly program: string,
  ) {}

  get name(): DriverName {
    return this.driver.name;
  }

  get title(): string {
    return this.driver.title;
  }

  get client(): DisplayClient {
    return this.driver.client(this.program);
  }

  /** Its command line; it says when it is ready through `-displayfd`, which whoever runs it adds. */
  command(order: ServerOrder): string[] {
    return [this.program, ...this.driver.flags(order)];
  }
}

/** The X servers that are installed, the better one first. @param searchPath as `PATH` has it */
export async function findDisplayServers(searchPath: string): Promise<DisplayServer[]> {
  const found = await Promise.all(DISPLAY_DRIVERS.map((driver) => findServer(driver, searchPath)));
  return found.filter((server) => server !== null);
}

async function findServer(driver: DisplayDriver, searchPath: string): Promise<DisplayServer | null> {
  for (const name of driver.programs) {
    const program = findProgram(searchPath, name);
    if (program !== null && (await isServerOf(driver, program, searchPath)))
      return new DisplayServer(driver, program);
  }
  return null;
}

async function isServerOf({ banner }: DisplayDriver, program: string, searchPath: string): Promise<boolean> {
  const { stdout, stderr } = await runProgram({
    program,
    args: ['-version'],
    env: { PATH: searchPath },
    timeoutMs: VERSION_LIMIT_MS,
    maxOutputBytes: MAX_VERSION_BYTES,
  });
  return banner.test(stdout + stderr);
}
