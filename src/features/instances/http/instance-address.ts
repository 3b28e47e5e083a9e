import type { Instance } from '../../../contracts/instance.js';
import { addressOf, desktopAddressOf } from '../domain/addresses.js';
import type { SeenOrigins } from '../domain/addresses.js';

/** Makes an instance's addresses what the asking browser can follow. */
export class InstanceAddress {
  /** @param seenFrom AiKore's origins for the `Host` that the browser used for the dashboard */
  constructor(private readonly seenFrom: (host: string | undefined) => SeenOrigins) {}

  localise(instance: Instance, host: string | undefined): Instance {
    const seen = this.seenFrom(host);
    return { ...instance, url: addressOf(instance, seen), desktop_url: desktopAddressOf(instance, seen) };
  }
}
