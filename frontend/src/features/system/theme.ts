import { Observable } from '../../base/observable.js';
import { readPreference, writePreference } from '../../base/preferences.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export function isTheme(value: unknown): value is Theme {
  return THEMES.includes(value as Theme);
}

/** Which theme is shown; remembered. `system` follows the machine's. */
export class ThemeChoice {
  readonly theme: Observable<Theme>;

  constructor() {
    const remembered = readPreference('theme');
    this.theme = new Observable<Theme>(isTheme(remembered) ? remembered : 'system');
    this.apply();
  }

  set(theme: Theme): void {
    writePreference('theme', theme);
    this.theme.set(theme);
    this.apply();
  }

  private apply(): void {
    const theme = this.theme.value;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }
}
