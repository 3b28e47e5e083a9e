import { h } from '../../base/dom.js';
import { formatBytes } from '../../base/format.js';
import type { TransferHost } from './transfer-host.js';

/** How much room the disk of the data has; empty while nobody knows. */
export function diskHint({ system }: Pick<TransferHost, 'system'>): HTMLElement {
  const free = system.stats.value?.disk_free_bytes;
  return h(
    'span',
    { class: 'dialog-hint', 'data-testid': 'disk-free' },
    free === undefined ? '' : `${formatBytes(free)} free on the disk`,
  );
}

/** What an installation of its blueprint takes by the blueprint's own word, such as ` (about 9.0 GB)`; empty when it says nothing. */
export function installedSize({ blueprints }: Pick<TransferHost, 'blueprints'>, filename: string): string {
  const bytes = blueprints.all().find((blueprint) => blueprint.filename === filename)?.disk_bytes ?? null;
  return bytes === null ? '' : ` (about ${formatBytes(bytes)})`;
}
