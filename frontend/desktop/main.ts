import { h, setText } from '../src/base/dom.js';
import { Bar } from './parts/bar.js';
import { Clipboard } from './parts/clipboard.js';
import { clipboardPanel } from './parts/clipboard-panel.js';
import { Connection } from './parts/connection.js';
import { Cover } from './parts/cover.js';
import { canFillScreen, toggleFullScreen, watchFullScreen } from './parts/full-screen.js';
import { KeysPanel } from './parts/keys-panel.js';
import { watchLeaveKey } from './parts/leave-key.js';
import { picturePanel } from './parts/picture-panel.js';
import { rememberedWishes } from './parts/preferences.js';
import { Screen } from './parts/screen.js';
import { TouchKeyboard } from './parts/touch-keyboard.js';
import { wordsFor } from './domain/words.js';

const isEmbedded = window.top !== window;
const isTouched = navigator.maxTouchPoints > 0;

const wishes = rememberedWishes();
const target = h('div', { class: 'screen', 'data-testid': 'screen' });
const still = h('canvas', { class: 'still', 'aria-hidden': 'true', 'data-testid': 'still' });
const said = h('p', { class: 'is-off-screen', role: 'status', 'data-testid': 'desktop-said' });
const connection = new Connection((socket) => new Screen(target, socket, still, wishes.value));
const screen = () => connection.screen;

const clipboard = new Clipboard(screen);
const keys = new KeysPanel(screen, (isHeld) => bar.mark('keys', isHeld));
const cover = new Cover(isEmbedded);
const touchKeyboard = new TouchKeyboard(screen, (isShown) => bar.setPressed('type', isShown));
const backToScreen = () => screen()?.focus();
const bar: Bar = new Bar(
  [
    {
      id: 'type',
      icon: 'pen',
      label: 'Keyboard of this device',
      isToggle: true,
      // Else its field had lost the focus before it could be told to put the keyboard away.
      isFocusKept: true,
      isHidden: !isTouched,
      onClick: () => touchKeyboard.toggle(),
    },
    { id: 'keys', icon: 'keyboard', label: 'Keys', panel: keys.element },
    {
      id: 'clipboard',
      icon: 'copy',
      label: 'Clipboard',
      panel: clipboardPanel(clipboard, () => {
        bar.closePanels();
        backToScreen();
        setText(said, 'The desktop has the text: paste it there.');
      }),
    },
    { id: 'picture', icon: 'sliders', label: 'Picture and size', panel: picturePanel(wishes) },
    {
      id: 'view-only',
      icon: 'view',
      label: 'View only',
      isToggle: true,
      onClick: () => wishes.set({ ...wishes.value, isViewOnly: !wishes.value.isViewOnly }),
    },
    {
      id: 'full-screen',
      icon: 'expand',
      label: 'Full screen',
      isHidden: !canFillScreen(),
      onClick: () => void toggleFullScreen(),
    },
  ],
  backToScreen,
);

document.body.append(
  h('main', { class: 'desktop' }, still, target, cover.element),
  bar.element,
  touchKeyboard.element,
  clipboard.element,
  said,
);

function nameBar(): void {
  const name = connection.situation.value.status?.name ?? '';
  bar.setName(wishes.value.isViewOnly ? `${name}, view only` : name);
}

let followed: Screen | null = null;
/** Each connection has a screen of its own. */
function follow(next: Screen): void {
  if (followed === next) return;
  followed = next;
  next.copied.on((text) => void clipboard.take(text));
  next.connected.on(() => {
    keys.release();
    next.focus();
    void clipboard.readIfAllowed();
  });
}

connection.situation.watch((situation) => {
  const { heading, sentence } = wordsFor(situation.stage, situation.status);
  document.title = situation.status?.name ?? heading;
  setText(said, `${heading}. ${sentence}`);
  cover.render(situation);
  nameBar();
  bar.setPresent(situation.stage === 'shown');
  if (situation.stage === 'shown') still.width = 0;
  if (connection.screen) follow(connection.screen);
});
wishes.on((wanted) => {
  screen()?.apply(wanted);
  bar.setPressed('view-only', wanted.isViewOnly);
  nameBar();
});
clipboard.isTaken.on((isTaken) => bar.mark('clipboard', !isTaken));
watchFullScreen((isFull) =>
  bar.setFace('full-screen', isFull ? 'shrink' : 'expand', isFull ? 'Leave full screen' : 'Full screen'),
);
watchLeaveKey({
  isEmbedded,
  toBar: () => bar.show(true),
  isAtBar: () => bar.element.contains(document.activeElement),
  toScreen: backToScreen,
});
connection.start();
