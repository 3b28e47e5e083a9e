import { h, uniqueId } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { checkbox } from '../../ui/field.js';
import type { SettingsSection } from './section.js';
import type { SettingsHost } from './settings-host.js';

const THEMES = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** How the dashboard looks in this browser. */
export class AppearanceSection implements SettingsSection {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();

  constructor(private readonly host: SettingsHost) {
    this.element = h(
      'div',
      { class: 'settings-part' },
      this.themes(),
      this.density(),
      h(
        'p',
        { class: 'field-hint' },
        'Motion follows the system: where “reduce motion” is set, nothing moves. The choices here are remembered by this browser only.',
      ),
    );
  }

  show(): void {
    // It follows the choices by itself.
  }

  dispose(): void {
    this.resources.dispose();
  }

  private themes(): HTMLElement {
    const { theme } = this.host;
    const name = uniqueId('theme');
    const radios = THEMES.map(([value, label]) => {
      const radio = h('input', {
        type: 'radio',
        name,
        value,
        'data-testid': `appearance-${value}`,
        onchange: () => theme.set(value),
      });
      this.resources.add(theme.theme.watch((present) => (radio.checked = present === value)));
      return h('label', { class: 'choice' }, radio, h('span', { class: 'choice-text' }, label));
    });
    return h(
      'fieldset',
      { class: 'plain-fieldset' },
      h('legend', { class: 'field-label' }, 'Theme'),
      h('div', { class: 'choice-row' }, ...radios),
    );
  }

  private density(): HTMLElement | null {
    const { density } = this.host;
    if (density === null) return null;
    const box = checkbox('Low rows', false, 'appearance-compact', 'More instances at a glance.');
    box.control.addEventListener('change', () => density.toggle());
    this.resources.add(density.isCompact.watch((isCompact) => (box.control.checked = isCompact)));
    return box.root;
  }
}
