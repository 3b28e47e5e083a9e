import type { InstanceUpdate } from '../../../contracts/instance.js';
import { normalRequirements } from '../domain/extra-requirements.js';
import { withNormalHostname } from './address-settings.js';

/** A wish with its values as they are stored; those that are none stay for the rules to refuse. */
export function withNormalForms<Wish extends InstanceUpdate>(wish: Wish): Wish {
  const named = withNormalHostname(wish);
  return typeof wish.extra_requirements === 'string'
    ? { ...named, extra_requirements: normalRequirements(wish.extra_requirements) }
    : named;
}
