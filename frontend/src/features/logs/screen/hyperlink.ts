const LONGEST_ADDRESS = 2000;

/**
 * The address that `OSC 8` opens a link to (https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda), or null when it
 * ends one, or names what a log may not lead to: only http and https count.
 */
export function linkOf(command: string): string | null {
  const address = command.slice(command.indexOf(';', 2) + 1);
  if (address === '' || address.length > LONGEST_ADDRESS) return null;
  try {
    const { protocol, href } = new URL(address);
    // The browser's own spelling: what a host name of look-alike letters is called shows in it.
    return protocol === 'http:' || protocol === 'https:' ? href : null;
  } catch {
    return null;
  }
}
