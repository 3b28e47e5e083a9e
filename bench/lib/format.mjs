/**
 * Three significant digits, thousands apart.
 * @param {number} value
 */
export function number(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(digits, 4));
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ' ') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** @param {number} value */
export const ms = (value) => `${number(value)} ms`;

/** @param {number} bytes */
export const megabytes = (bytes) => `${number(bytes / 1e6)} MB`;

/** @param {number} bytes */
export const kilobytes = (bytes) => `${number(bytes / 1e3)} kB`;

/** @param {import('./statistics.mjs').Spread} spread */
export function times({ median, min, max }) {
  return `${number(median)}× (${number(min)}–${number(max)})`;
}
