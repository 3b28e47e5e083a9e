import { Observable } from '../../base/observable.js';
import { readPreference, writePreference } from '../../base/preferences.js';

const USUAL_PIXELS = 13;
const LEAST_PIXELS = 8;
const MOST_PIXELS = 32;

/** How all terminals of this browser look; remembered. */
export class TerminalSettings {
  readonly fontPixels = new Observable(rememberedPixels());
  readonly isForScreenReader = new Observable(readPreference('terminal.screen-reader') === 'on');

  /** Makes letters larger or smaller by a pixel, or the usual size again for 0. */
  stepFont(step: 1 | 0 | -1): void {
    const wanted = step === 0 ? USUAL_PIXELS : this.fontPixels.value + step;
    this.fontPixels.set(Math.min(MOST_PIXELS, Math.max(LEAST_PIXELS, wanted)));
    writePreference('terminal.font', String(this.fontPixels.value));
  }

  toggleScreenReader(): void {
    this.isForScreenReader.set(!this.isForScreenReader.value);
    writePreference('terminal.screen-reader', this.isForScreenReader.value ? 'on' : 'off');
  }
}

function rememberedPixels(): number {
  const pixels = Number(readPreference('terminal.font') ?? USUAL_PIXELS);
  return Number.isInteger(pixels) && pixels >= LEAST_PIXELS && pixels <= MOST_PIXELS ? pixels : USUAL_PIXELS;
}
