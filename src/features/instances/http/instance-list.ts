import { randomUUID } from 'node:crypto';
import type { EventHub } from '../../../core/events/event-hub.js';
import type { InstancesService } from '../instances.service.js';
import type { InstanceAddress } from './instance-address.js';

/** The list as it is sent, ready made: for a thousand instances, turning it into JSON is what a request would cost. */
export interface SerialisedList {
  body: Buffer;
  etag: string;
}

/** Lists for so many different `Host` headers are kept. */
const KEPT_HOSTS = 8;

/** Keeps `GET /api/instances` ready until something of an instance changes. */
export class InstanceList {
  private readonly byHost = new Map<string | undefined, SerialisedList>();
  /** Makes ETags of another start of AiKore differ. */
  private readonly era = randomUUID().slice(0, 8);
  private version = 0;

  constructor(
    private readonly instances: InstancesService,
    private readonly address: InstanceAddress,
    hub: EventHub,
  ) {
    hub.subscribe((event) => {
      if (!event.type.startsWith('instance.')) return;
      this.version += 1;
      this.byHost.clear();
    });
  }

  for(host: string | undefined): SerialisedList {
    const present = this.byHost.get(host);
    if (present !== undefined) return present;
    const list = this.instances.list().map((instance) => this.address.localise(instance, host));
    const made = { body: Buffer.from(JSON.stringify(list)), etag: `W/"${this.era}-${this.version}"` };
    if (this.byHost.size >= KEPT_HOSTS) this.byHost.clear();
    this.byHost.set(host, made);
    return made;
  }
}
