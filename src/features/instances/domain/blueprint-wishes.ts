import type { Blueprint } from '../../../contracts/blueprint.js';
import type { InstanceCreate } from '../../../contracts/instance.js';

/** What a blueprint asks for counts where whoever creates the instance has said nothing. */
export function withBlueprintWishes(
  wish: InstanceCreate,
  { proxy_mode: mode, desktop: isDesktop }: Pick<Blueprint, 'proxy_mode' | 'desktop'>,
): InstanceCreate {
  return {
    ...wish,
    ...(mode === 'port' && wish.access_mode === undefined ? { access_mode: 'port' } : {}),
    ...(isDesktop && wish.persistent_mode === undefined ? { persistent_mode: true } : {}),
  };
}
