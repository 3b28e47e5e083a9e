/** Percent of the usual size, in steps of ten. */
export const USUAL_ZOOM = 100;
export const LEAST_ZOOM = 50;
export const MOST_ZOOM = 200;
const STEP = 10;
/** The oldest are forgotten beyond that many. */
const MOST_REMEMBERED = 500;

/** The next step in or out, within the limits. */
export function stepZoom(percent: number, direction: 1 | -1): number {
  return clampZoom(Math.round(percent / STEP) * STEP + direction * STEP);
}

function clampZoom(percent: number): number {
  return Number.isFinite(percent)
    ? Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, Math.round(percent)))
    : USUAL_ZOOM;
}

/** Reads what `writeZooms` wrote; anything else is nothing. */
export function readZooms(text: string | null): Map<number, number> {
  const zooms = new Map<number, number>();
  for (const entry of (text ?? '').split(' ')) {
    const match = /^(\d{1,15}):(\d{2,3})$/.exec(entry);
    if (match) zooms.set(Number(match[1]), clampZoom(Number(match[2])));
  }
  return zooms;
}

/** `7:120 9:80`; the usual zoom needs no remembering. */
export function writeZooms(zooms: ReadonlyMap<number, number>): string {
  return [...zooms]
    .filter(([, percent]) => percent !== USUAL_ZOOM)
    .slice(-MOST_REMEMBERED)
    .map(([id, percent]) => `${String(id)}:${String(percent)}`)
    .join(' ');
}
