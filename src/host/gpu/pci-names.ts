import { readFile } from 'node:fs/promises';

/**
 * Name of a device in the list that Debian's package pci.ids and others bring (pci-ids.ucw.cz): vendors begin a line,
 * their devices follow behind a tab each.
 * @param vendor such as `0x1002`
 * @returns null when there is no list or the device is not in it
 */
export async function pciDeviceName(
  lists: readonly string[],
  vendor: string,
  device: string,
): Promise<string | null> {
  if (!/^0x[0-9a-f]{4}$/i.test(device)) return null;
  for (const path of lists) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const name = findName(text, vendor.slice(2).toLowerCase(), device.slice(2).toLowerCase());
    if (name !== null) return name;
  }
  return null;
}

function findName(text: string, vendor: string, device: string): string | null {
  let isVendor = false;
  for (const line of text.split('\n')) {
    if (/^[0-9a-f]{4} /.test(line)) isVendor = line.startsWith(`${vendor} `);
    else if (isVendor && line.startsWith(`\t${device} `)) return line.slice(device.length + 1).trim();
  }
  return null;
}
