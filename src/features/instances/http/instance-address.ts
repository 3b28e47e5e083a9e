import type { Seen } from '../../../core/http/domain/origins.js';
import type { Instance } from '../../../contracts/instance.js';
import { addressOf, desktopAddressOf } from '../domain/addresses.js';
import type { SeenOrigins } from '../domain/addresses.js';

/** Makes an instance's addresses what the asking browser can follow. */
export class InstanceAddress {
  /** @param seenFrom AiKore's origins for the address that the browser used for the dashboard */
  constructor(private readonly seenFrom: (seen: Seen) => SeenOrigins) {}

  localise(instance: Instance, seen: Seen): Instance {
    const origins = this.seenFrom(seen);
    return {
      ...instance,
      url: addressOf(instance, origins),
      desktop_url: desktopAddressOf(instance, origins),
    };
  }
}
