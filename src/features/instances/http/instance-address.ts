import type { Instance } from '../../../contracts/instance.js';

/** Puts the applications' origin, as the asking browser sees it, before an instance's address. */
export class InstanceAddress {
  /** @param appsOrigin such as `http://box:9001`, from the `Host` that the browser used for the dashboard */
  constructor(private readonly appsOrigin: (host: string | undefined) => string) {}

  localise(instance: Instance, host: string | undefined): Instance {
    return { ...instance, url: `${this.appsOrigin(host)}${instance.url}` };
  }
}
