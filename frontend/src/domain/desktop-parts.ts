import type { Capability } from '../../../src/contracts/system.js';

/** One of them is enough. */
const SERVERS = ['KasmVNC', 'TigerVNC'];
const OTHERS = ['Openbox', 'Kiosk browser'];

/** What this machine lacks for desktops, in sentences; nothing where AiKore says nothing of them. */
export function missingForDesktops(capabilities: readonly Capability[]): string[] {
  const absent = (names: readonly string[]) =>
    capabilities.filter(({ name, present }) => names.includes(name) && !present);
  const servers = capabilities.filter(({ name }) => SERVERS.includes(name));
  const hasServer = servers.length === 0 || servers.some(({ present }) => present);
  const sentences = [...(hasServer ? [] : absent(SERVERS)), ...absent(OTHERS)].map(({ detail }) => detail);
  return [...new Set(sentences)];
}
