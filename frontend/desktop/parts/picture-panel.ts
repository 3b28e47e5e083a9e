import { h } from '../../src/base/dom.js';
import type { Observable } from '../../src/base/observable.js';
import { PICTURES } from '../domain/picture.js';
import type { Wishes } from './screen.js';

/** How the desktop is shown here. */
export function picturePanel(wishes: Observable<Wishes>): HTMLElement {
  const change = (part: Partial<Wishes>) => wishes.set({ ...wishes.value, ...part });
  return h(
    'div',
    { class: 'panel', role: 'dialog', 'aria-label': 'Picture', 'data-testid': 'picture-panel' },
    h(
      'fieldset',
      null,
      h('legend', null, 'Picture'),
      ...PICTURES.map(({ value, label, hint }) =>
        choice('picture', `picture-${value}`, label, hint, wishes.value.picture === value, () =>
          change({ picture: value }),
        ),
      ),
    ),
    h(
      'fieldset',
      null,
      h('legend', null, 'Size'),
      choice('size', 'size-follow', 'As this window', 'the desktop follows', wishes.value.isFollowing, () =>
        change({ isFollowing: true }),
      ),
      choice('size', 'size-keep', 'As it is', 'the picture is scaled', !wishes.value.isFollowing, () =>
        change({ isFollowing: false }),
      ),
    ),
  );
}

function choice(
  group: string,
  testId: string,
  label: string,
  hint: string,
  isChosen: boolean,
  choose: () => void,
): HTMLElement {
  const input = h('input', { type: 'radio', name: group, 'data-testid': testId, onchange: choose });
  input.checked = isChosen;
  return h(
    'label',
    { class: 'choice' },
    input,
    h('span', null, label),
    hint === '' ? null : h('span', { class: 'panel-hint' }, hint),
  );
}
