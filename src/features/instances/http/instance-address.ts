import type { Seen } from '../../../core/http/domain/origins.js';
import type { Instance } from '../../../contracts/instance.js';
import { addressOf, desktopAddressOf, hostnameTrouble } from '../domain/addresses.js';
import type { FindAtHostname, SeenOrigins } from '../domain/addresses.js';

/** Makes an instance's addresses what the asking browser can follow, and says which of them leads elsewhere. */
export class InstanceAddress {
  /**
   * @param seenFrom AiKore's origins for the address that the browser used for the dashboard
   * @param findAt what the routes have at a hostname now
   */
  constructor(
    private readonly seenFrom: (seen: Seen) => SeenOrigins,
    private readonly findAt: FindAtHostname,
  ) {}

  localise(instance: Instance, seen: Seen): Instance {
    const origins = this.seenFrom(seen);
    const trouble = hostnameTrouble(instance, this.findAt);
    return {
      ...instance,
      url: addressOf(instance, origins, trouble === null),
      desktop_url: desktopAddressOf(instance, origins),
      warnings: trouble === null ? instance.warnings : [...instance.warnings, trouble],
    };
  }
}
