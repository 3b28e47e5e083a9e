import type { DesktopPart, DesktopState } from '../../../host/xserver/desktop-state.js';

const PARTS: readonly DesktopPart[] = ['x', 'wm', 'kiosk'];

/** What the operator should know of a desktop; what is mended within seconds is not worth a word. */
export function desktopWarnings(state: DesktopState): string[] {
  const failed = PARTS.map((part) => state[part]).filter((part) => part.state === 'failed');
  return failed.map(({ sentence }) => `Its desktop cannot be kept up. ${sentence}`);
}
