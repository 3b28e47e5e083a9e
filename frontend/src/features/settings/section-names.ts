import type { IconName } from '../../ui/icon.js';

/** The pages of the settings, in order; the id is what stands in the address: `#settings=tokens`. */
export const SECTIONS = [
  { id: 'password', label: 'Password', icon: 'key' },
  { id: 'sessions', label: 'Sessions', icon: 'device' },
  { id: 'tokens', label: 'Tokens', icon: 'bolt' },
  { id: 'audit', label: 'Audit log', icon: 'list' },
  { id: 'ports', label: 'Ports', icon: 'plug' },
  { id: 'appearance', label: 'Appearance', icon: 'sun' },
  { id: 'about', label: 'About', icon: 'info' },
] as const satisfies readonly { id: string; label: string; icon: IconName }[];

export type SectionId = (typeof SECTIONS)[number]['id'];

/** The page that an address names; null when it names none of the settings. */
export function sectionOfHash(hash: string): SectionId | null {
  const match = /^#settings(?:=([a-z]+))?$/.exec(hash);
  if (!match) return null;
  return SECTIONS.find(({ id }) => id === match[1])?.id ?? 'password';
}
