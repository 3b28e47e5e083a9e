import type { ITheme } from '@xterm/xterm';
import { DisposableStore, toDisposable } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

const ANSI = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const;

/** Numbers whose colour must stay what its name says, for programs paint grounds with it too. */
const NEUTRAL = new Set([0, 7, 8, 15]);

/**
 * The colours of tokens.css as they are now. A custom property reads as it is written, `light-dark(…)` included; only as the
 * colour of an element it is resolved.
 */
export function readTheme(host: HTMLElement): ITheme {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  try {
    return {
      foreground: colour('text'),
      background: colour('sunken'),
      cursor: colour('accent'),
      cursorAccent: colour('sunken'),
      selectionBackground: colour('terminal-selection'),
      selectionInactiveBackground: colour('terminal-selection'),
      scrollbarSliderBackground: colour('line'),
      scrollbarSliderHoverBackground: colour('line-strong'),
      scrollbarSliderActiveBackground: colour('line-strong'),
      ...Object.fromEntries(
        ANSI.map((name, at) => [name, colour(`${NEUTRAL.has(at) ? 'terminal' : 'ansi'}-${String(at)}`)]),
      ),
    };
  } finally {
    probe.remove();
  }
}

/** `#rrggbb` of one of our colours, the only way that the search takes them. */
export function hexColour(host: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(--${name})`;
  host.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** Hears when the theme changes, by the switch or by the system. */
export function onThemeChange(run: () => void): Disposable {
  const resources = new DisposableStore();
  const observer = new MutationObserver(run);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  resources.defer(() => observer.disconnect());
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', run);
  resources.add(toDisposable(() => dark.removeEventListener('change', run)));
  return resources;
}
