import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { anyFreePort, whyNotListen } from '../../../host/ports/can-listen.js';
import { describeHolder, findPortHolder } from '../../../host/ports/port-holder.js';
import type { NginxPlan } from './domain/plan.js';

/** Why something is not served as it should be, in a sentence for the operator. */
export interface NginxProblem {
  /** One for each thing that may be wrong. */
  key: string;
  /** `port`: somebody else has one, and it passes. `broken`: NGINX itself does not work. `lost`: it is started again. */
  kind: 'port' | 'broken' | 'lost';
  message: string;
}

/** What NGINX is to serve. */
export interface NginxWishes {
  /** The address or name to listen on. */
  host: string;
  /** The applications' port; 0 for any. */
  port: number;
  /** Each published port with the name of its instance. */
  publicPorts: ReadonlyMap<number, string>;
  hostnames: readonly string[];
  /** Ports that instances hold for their applications. */
  leasedPorts: readonly number[];
  tlsFingerprint: string | null;
}

export interface NginxPlannerOptions {
  wishes: () => NginxWishes;
  workers: number;
  /** As whom workers run; null unless this process is root's. */
  user: string | null;
}

/** What is so at the moment. */
export interface Present {
  /** Ports that the running NGINX listens on. */
  heldPorts: ReadonlySet<number>;
  /** Slots of the running NGINX; null: choose anew. */
  slots: ReadonlySet<number> | null;
  /** The port that was served last; 0 for none. */
  lastPort: number;
}

/** The lowest ports that applications get; new instances are among them, so that their start changes nothing. */
const FIRST_SLOT = 21_000;
const SLOT_COUNT = 256;

/** Makes the plan of a configuration out of what is wished and what the machine allows. */
export class NginxPlanner {
  constructor(private readonly options: NginxPlannerOptions) {}

  /** The address to listen on; null where its name leads to none. */
  address(): Promise<string | null> {
    return addressOf(this.options.wishes().host);
  }

  /** @returns no plan when the applications' port itself cannot be had */
  async make(present: Present): Promise<{ plan: NginxPlan | null; problems: NginxProblem[] }> {
    const wishes = this.options.wishes();
    const address = await addressOf(wishes.host);
    if (address === null)
      return failed('broken', `The name ${wishes.host} (AIKORE_HOST) does not lead to an address.`);
    const port = await this.appsPort(wishes.port, address, present);
    const reason = await whyTaken(address, port, present.heldPorts);
    if (reason !== null)
      return failed('port', `Applications cannot be reached: port ${port} ${reason}. AiKore keeps trying.`);
    const { ports, problems } = await freePublicPorts(address, port, wishes.publicPorts, present.heldPorts);
    const plan: NginxPlan = {
      address,
      port,
      publicPorts: ports,
      hostnames: [...new Set(wishes.hostnames)].sort(),
      slots: [...(present.slots ?? slotsFor(wishes.leasedPorts))].sort((a, b) => a - b),
      tlsFingerprint: wishes.tlsFingerprint,
      workers: this.options.workers,
      user: this.options.user,
    };
    return { plan, problems };
  }

  private async appsPort(wished: number, address: string, { lastPort, heldPorts }: Present): Promise<number> {
    if (wished !== 0) return wished;
    const isLastFree =
      lastPort !== 0 && (heldPorts.has(lastPort) || (await whyNotListen(address, lastPort)) === null);
    return isLastFree ? lastPort : anyFreePort(address);
  }
}

function failed(kind: NginxProblem['kind'], message: string): { plan: null; problems: NginxProblem[] } {
  return { plan: null, problems: [{ key: 'shared', kind, message }] };
}

async function addressOf(host: string): Promise<string | null> {
  if (isIP(host) !== 0) return host;
  return lookup(host).then(
    ({ address }) => address,
    () => null,
  );
}

function slotsFor(leased: readonly number[]): Set<number> {
  return new Set([...Array.from({ length: SLOT_COUNT }, (_, index) => FIRST_SLOT + index), ...leased]);
}

async function freePublicPorts(
  address: string,
  appsPort: number,
  wished: ReadonlyMap<number, string>,
  held: ReadonlySet<number>,
): Promise<{ ports: number[]; problems: NginxProblem[] }> {
  const ports: number[] = [];
  const problems: NginxProblem[] = [];
  for (const [port, name] of [...wished].sort(([a], [b]) => a - b)) {
    const reason = port === appsPort ? 'is the applications’ own' : await whyTaken(address, port, held);
    if (reason === null) ports.push(port);
    else
      problems.push({
        key: `port ${port}`,
        kind: 'port',
        message: `${name} cannot be reached at its port: ${port} ${reason}.`,
      });
  }
  return { ports, problems };
}

/** The end of a sentence that begins with the port; null when it can be had. */
async function whyTaken(address: string, port: number, held: ReadonlySet<number>): Promise<string | null> {
  if (held.has(port)) return null;
  const code = await whyNotListen(address, port);
  if (code === null) return null;
  if (code === 'EACCES') return 'needs root, as all ports below 1024 do';
  if (code !== 'EADDRINUSE') return `cannot be listened on (${code})`;
  const holder = await findPortHolder(port);
  return `is held by ${holder === null ? 'another program' : describeHolder(holder)}`;
}
