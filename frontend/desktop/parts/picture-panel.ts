import { h } from '../../src/base/dom.js';
import type { Observable } from '../../src/base/observable.js';
import { PICTURES } from '../domain/picture.js';
import type { Wishes } from './screen.js';

/** How the desktop is shown here. */
export function picturePanel(wishes: Observable<Wishes>): HTMLElement {
  const change = (part: Partial<Wishes>) => wishes.set({ ...wishes.value, ...part });
  const { picture, isFollowing } = wishes.value;
  return h(
    'div',
    { class: 'panel', role: 'dialog', 'aria-label': 'Picture', 'data-testid': 'picture-panel' },
    h(
      'fieldset',
      null,
      h('legend', null, 'Picture'),
      ...PICTURES.map(({ value, label, hint }) =>
        choice({
          group: 'picture',
          testId: `picture-${value}`,
          label,
          hint,
          isChosen: picture === value,
          choose: () => change({ picture: value }),
        }),
      ),
    ),
    h(
      'fieldset',
      null,
      h('legend', null, 'Size'),
      choice({
        group: 'size',
        testId: 'size-follow',
        label: 'As this window',
        hint: 'the desktop follows',
        isChosen: isFollowing,
        choose: () => change({ isFollowing: true }),
      }),
      choice({
        group: 'size',
        testId: 'size-keep',
        label: 'As it is',
        hint: 'the picture is scaled',
        isChosen: !isFollowing,
        choose: () => change({ isFollowing: false }),
      }),
    ),
  );
}

interface Choice {
  group: string;
  testId: string;
  label: string;
  /** May be empty. */
  hint: string;
  isChosen: boolean;
  choose: () => void;
}

function choice({ group, testId, label, hint, isChosen, choose }: Choice): HTMLElement {
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
