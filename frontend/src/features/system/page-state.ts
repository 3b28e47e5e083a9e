import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { countStatuses, pageTitle } from '../../domain/status.js';
import type { StatusCounts } from '../../domain/status.js';
import type { EventStream } from '../../net/events.js';
import type { InstanceStore } from '../../state/instances.js';

const COLOURS = {
  fine: '#7c83ff',
  working: '#58a6ff',
  attention: '#e3a33b',
  failed: '#f2637e',
  lost: '#8a8aa3',
} as const;

/** Lets the tab's title and picture tell how the instances are, for a tab in the background. */
export function installPageState(store: InstanceStore, events: EventStream): Disposable {
  const resources = new DisposableStore();
  let shownColour = '';
  const show = () => {
    const counts = countStatuses(store.values());
    const isConnected = events.state.value !== 'lost';
    const title = pageTitle(counts, isConnected);
    if (document.title !== title) document.title = title;
    const colour = colourOf(counts, isConnected);
    if (colour !== shownColour) setFavicon(colour);
    shownColour = colour;
  };
  resources.add(store.on(show));
  resources.add(events.state.watch(show));
  return resources;
}

function colourOf(counts: StatusCounts, isConnected: boolean): string {
  if (!isConnected) return COLOURS.lost;
  if (counts.failed > 0) return COLOURS.failed;
  if (counts.stalled > 0) return COLOURS.attention;
  return counts.busy > 0 ? COLOURS.working : COLOURS.fine;
}

function setFavicon(colour: string): void {
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1a1a2e"/>' +
    `<path d="M8 24 14.5 8h3L24 24" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/><circle cx="16" cy="21" r="3.4" fill="${colour}"/></svg>`;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link) link.href = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}
