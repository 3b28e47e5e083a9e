import { h, replaceChildren } from '../../base/dom.js';
import { formatExact } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { Draft } from '../../state/drafts.js';
import { banner } from '../../ui/banner.js';
import { button } from '../../ui/button.js';
import type { TaggedText } from './script-document.js';
import type { ScriptSession } from './script-session.js';

export interface BannersHost {
  restored(): void;
  showConflict(): void;
  retry(): void;
}

/** What has to be said of a script above it: unsaved work from before, another's save, a browser that does not remember. */
export class ScriptBanners implements Disposable {
  readonly element = h('div', { class: 'script-banners' });
  private readonly resources = new DisposableStore();
  private extra: HTMLElement | null = null;
  private said: string | null = null;
  private decided: TaggedText | null = null;

  constructor(
    private readonly session: ScriptSession,
    private readonly host: BannersHost,
  ) {
    const { state, offer, foreign, isUnkept } = session;
    for (const source of [state, offer, foreign, isUnkept]) this.resources.add(source.on(() => this.draw()));
    this.draw();
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Puts the focus on the first thing that can be done about what is said. */
  focus(): void {
    this.element.querySelector('button')?.focus();
  }

  /** One that belongs to this kind of script, such as news of its blueprint; null for none. */
  setExtra(element: HTMLElement | null): void {
    this.extra = element;
    this.draw();
  }

  /** A version of somebody else that is being decided about below, where all is said of it; null for none. */
  setDecided(version: TaggedText | null): void {
    this.decided = version;
    this.draw();
  }

  /** A sentence that stays until it is closed; null takes it away. */
  say(sentence: string | null): void {
    this.said = sentence;
    this.draw();
  }

  private draw(): void {
    const { offer, foreign, isUnkept } = this.session;
    replaceChildren(
      this.element,
      offer.value && this.offered(offer.value),
      foreign.value && foreign.value !== this.decided && this.foreign(),
      isUnkept.value && unkept(),
      this.said !== null && this.sentence(this.said),
      this.session.state.value.kind === 'ready' ? this.extra : null,
    );
  }

  private offered(draft: Draft): HTMLElement {
    return banner({
      testId: 'draft-offer',
      kind: 'attention',
      icon: 'history',
      text: [
        h('strong', null, 'You have unsaved changes from '),
        h('strong', { 'data-tip': formatExact(draft.at) }, momentOf(draft.at)),
        '. They were kept in this browser.',
      ],
      actions: [
        button({
          label: 'Restore',
          kind: 'primary',
          testId: 'draft-restore',
          onClick: () => {
            this.session.restoreDraft();
            this.host.restored();
          },
        }),
        button({
          label: 'Discard',
          testId: 'draft-discard',
          onClick: () => {
            this.session.discardDraft();
            this.host.restored();
          },
        }),
      ],
    });
  }

  private foreign(): HTMLElement {
    return banner({
      testId: 'script-foreign',
      kind: 'attention',
      icon: 'warning',
      text: [
        h('strong', null, 'Another version was saved meanwhile.'),
        ' Yours is still here, and nothing was overwritten.',
      ],
      actions: [
        button({
          label: 'Compare and decide',
          testId: 'script-decide',
          onClick: () => this.host.showConflict(),
        }),
      ],
    });
  }

  private sentence(text: string): HTMLElement {
    return banner({
      testId: 'script-said',
      kind: 'info',
      icon: 'info',
      text: [text],
      actions: [
        button({
          label: 'Close this message',
          icon: 'close',
          isIconOnly: true,
          kind: 'quiet',
          testId: 'script-said-close',
          onClick: () => this.say(null),
        }),
      ],
    });
  }
}

function unkept(): HTMLElement {
  return banner({
    testId: 'script-unkept',
    kind: 'attention',
    icon: 'warning',
    text: ['This browser cannot keep your changes while they are unsaved. Save before you leave the page.'],
  });
}

/** `12:04` of today, or with the day. */
function momentOf(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'an earlier time';
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString('en', { month: 'short', day: 'numeric' })}, ${time}`;
}
