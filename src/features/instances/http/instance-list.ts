import { randomUUID } from 'node:crypto';
import type { EventHub } from '../../../core/events/event-hub.js';
import type { Seen } from '../../../core/http/domain/origins.js';
import { ownOrigin } from '../../../core/http/domain/origins.js';
import type { InstancesService } from '../instances.service.js';
import type { InstanceAddress } from './instance-address.js';

/** The list as it is sent, ready made: for a thousand instances, turning it into JSON is what a request would cost. */
export interface SerialisedList {
  body: Buffer;
  etag: string;
}

/** Lists for so many different addresses of the dashboard are kept. */
const KEPT_ADDRESSES = 8;

/** Keeps `GET /api/instances` ready until something of an instance changes. */
export class InstanceList {
  private readonly byAddress = new Map<string, SerialisedList>();
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
      this.byAddress.clear();
    });
  }

  for(seen: Seen): SerialisedList {
    const address = ownOrigin(seen);
    const present = this.byAddress.get(address);
    if (present !== undefined) return present;
    const list = this.instances.list().map((instance) => this.address.localise(instance, seen));
    const made = { body: Buffer.from(JSON.stringify(list)), etag: `W/"${this.era}-${this.version}"` };
    if (this.byAddress.size >= KEPT_ADDRESSES) this.byAddress.clear();
    this.byAddress.set(address, made);
    return made;
  }
}
