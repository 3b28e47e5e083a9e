import type { Seen } from '../../../core/http/domain/origins.js';
import type { Instance } from '../../../contracts/instance.js';

/** Puts the applications' origin, as the asking browser sees it, before an instance's address. */
export class InstanceAddress {
  /** @param appsOrigin such as `http://box:9001`, from the address that the browser used for the dashboard */
  constructor(private readonly appsOrigin: (seen: Seen) => string) {}

  localise(instance: Instance, seen: Seen): Instance {
    return { ...instance, url: `${this.appsOrigin(seen)}${instance.url}` };
  }
}
