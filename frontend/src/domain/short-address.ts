/** An address without what the page that shows it has too: `/instance/comfy/`, `:19001`, `comfy.home.lan:9001`. */
export function shortAddress(address: string, pageUrl: string): string {
  if (!URL.canParse(address)) return address;
  const { host, hostname, port, pathname } = new URL(address);
  const path = pathname === '/' ? '' : pathname;
  if (hostname !== new URL(pageUrl).hostname) return host + path;
  return path || `:${port}`;
}
