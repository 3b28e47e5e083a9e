import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';
import { ApiError } from '../../net/http.js';
import type { Draft, DraftStore } from '../../state/drafts.js';
import type { SavedText, ScriptDocument, TaggedText } from './script-document.js';

/** Where the text is shown and changed. */
export interface TextPort {
  readonly text: string;
  /** Shows a text as if it had always been there. */
  open(text: string): void;
  /** Changes what differs; can be undone. */
  replace(text: string): void;
  setReadOnly(isReadOnly: boolean): void;
}

export type SessionState = { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; error: unknown };

/** `conflict`: somebody else saved meanwhile, nothing was written. */
export type SaveResult = { kind: 'saved'; saved: SavedText } | { kind: 'conflict' };

const DRAFT_DELAY_MS = 400;

/**
 * One script being worked on: what the server has, what this page has, and how the two come together. It never overwrites a
 * version that its user has not seen, and keeps unsaved work in the browser.
 */
export class ScriptSession implements Disposable {
  readonly state = new Observable<SessionState>({ kind: 'loading' });
  readonly isDirty = new Observable(false);
  readonly isSaving = new Observable(false);
  /** Unsaved work of an earlier page, until it is taken or discarded. */
  readonly offer = new Observable<Draft | null>(null);
  /** What somebody else saved while there are changes here. */
  readonly foreign = new Observable<TaggedText | null>(null);
  /** The browser does not keep unsaved work. */
  readonly isUnkept = new Observable(false);
  private readonly resources = new DisposableStore();
  private base: TaggedText = { content: '', etag: null };
  private draftTimer: ReturnType<typeof setTimeout> | null = null;
  private isChecking = false;
  /** What is written down is of this page; another tab's is not this one's to take away. */
  private hasDraft = false;

  constructor(
    readonly document: ScriptDocument,
    private readonly port: TextPort,
    private readonly drafts: DraftStore,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.resources.defer(() => this.keepDraft());
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** What the server had when it was last asked. */
  get savedText(): string {
    return this.base.content;
  }

  /** Fetches the script and offers unsaved work of an earlier page. Its failure becomes the state. */
  async load(): Promise<void> {
    this.state.set({ kind: 'loading' });
    try {
      this.base = normalised(await this.document.load());
    } catch (error) {
      this.state.set({ kind: 'failed', error });
      return;
    }
    this.port.open(this.base.content);
    this.offerDraft();
    this.state.set({ kind: 'ready' });
  }

  /** To be called after each change of the text. */
  edited(): void {
    if (this.state.value.kind !== 'ready' || this.offer.value !== null) return;
    this.isDirty.set(this.port.text !== this.base.content);
    if (this.draftTimer !== null) clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => this.keepDraft(), DRAFT_DELAY_MS);
  }

  /** Brings the offered work back. When somebody saved since it was begun, that is said at once. */
  restoreDraft(): void {
    const draft = this.offer.value;
    if (!draft) return;
    const present = this.base;
    this.hasDraft = true;
    this.offer.set(null);
    this.port.setReadOnly(this.document.isReadOnly);
    this.port.replace(draft.content);
    if (draft.etag !== present.etag) {
      this.base = { content: present.content, etag: draft.etag };
      this.foreign.set(present);
    }
    this.edited();
  }

  discardDraft(): void {
    this.offer.set(null);
    this.drafts.remove(this.document.key);
    this.port.setReadOnly(this.document.isReadOnly);
  }

  /** @throws ApiError for everything but a conflict, which `foreign` then shows */
  async save(withRestart: boolean): Promise<SaveResult> {
    const content = this.port.text;
    this.isSaving.set(true);
    try {
      const saved = await this.document.save(content, this.base.etag, withRestart);
      this.accept({ content, etag: saved.etag });
      return { kind: 'saved', saved };
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 412)) throw error;
      this.foreign.set(normalised(await this.document.load()));
      return { kind: 'conflict' };
    } finally {
      this.isSaving.set(false);
    }
  }

  /** The other's version takes the place of the changes here, which undo brings back. */
  takeTheirs(theirs: TaggedText): void {
    this.port.replace(theirs.content);
    this.accept(theirs);
  }

  /**
   * The changes here take the place of the other's version.
   * @param seen the version that was shown: a newer one is a conflict again
   * @throws ApiError
   */
  async overwrite(seen: TaggedText, withRestart: boolean): Promise<SaveResult> {
    this.base = { content: this.base.content, etag: seen.etag };
    return this.save(withRestart);
  }

  /** Has the server make another version of it, and shows that; what is unsaved here is given up, and undo brings it back. */
  async replaceWith(work: (etag: string | null) => Promise<TaggedText>): Promise<void> {
    this.isSaving.set(true);
    try {
      const next = normalised(await work(this.base.etag));
      this.discardDraft();
      this.port.replace(next.content);
      this.accept(next);
    } finally {
      this.isSaving.set(false);
    }
  }

  /** The server's version is another one now: looks, and shows it, or tells of it when there are changes here. */
  async lookAgain(): Promise<'same' | 'updated' | 'conflict'> {
    if (this.state.value.kind !== 'ready' || this.isSaving.value || this.isChecking) return 'same';
    this.isChecking = true;
    try {
      return this.compareWith(normalised(await this.document.load()));
    } finally {
      this.isChecking = false;
    }
  }

  /** Writes the unsaved work down now, as before the page goes. */
  keepDraft(): void {
    if (this.draftTimer !== null) clearTimeout(this.draftTimer);
    this.draftTimer = null;
    if (this.state.value.kind !== 'ready' || this.offer.value !== null || this.document.isReadOnly) return;
    const { key } = this.document;
    if (!this.isDirty.value) {
      if (this.hasDraft) this.drafts.remove(key);
      this.hasDraft = false;
      return;
    }
    const draft: Draft = { content: this.port.text, etag: this.base.etag, at: this.now().toISOString() };
    this.hasDraft = this.drafts.write(key, draft);
    this.isUnkept.set(!this.hasDraft);
  }

  /** The script is no more: nothing of it is kept. */
  abandon(): void {
    this.isDirty.set(false);
    this.offer.set(null);
    this.hasDraft = true;
    this.keepDraft();
  }

  private offerDraft(): void {
    const draft = this.document.isReadOnly ? null : this.drafts.read(this.document.key);
    if (draft && draft.content === this.base.content) this.drafts.remove(this.document.key);
    const offered = draft && draft.content !== this.base.content ? draft : null;
    this.offer.set(offered);
    this.foreign.set(null);
    this.isDirty.set(false);
    // What is typed now would take the place of what is offered.
    this.port.setReadOnly(this.document.isReadOnly || offered !== null);
  }

  private compareWith(present: TaggedText): 'same' | 'updated' | 'conflict' {
    if (this.isSaving.value || present.etag === this.base.etag) return 'same';
    if (present.content === this.port.text || !this.isDirty.value) {
      const isSameText = present.content === this.port.text;
      if (this.offer.value !== null) this.port.open(present.content);
      else this.port.replace(present.content);
      this.accept(present);
      return isSameText ? 'same' : 'updated';
    }
    if (this.foreign.value?.etag !== present.etag) this.foreign.set(present);
    return 'conflict';
  }

  private accept(base: TaggedText): void {
    this.base = base;
    this.foreign.set(null);
    if (this.offer.value !== null) return;
    this.isDirty.set(this.port.text !== base.content);
    this.keepDraft();
  }
}

/** As the editor has it: line ends of another system are one character. */
function normalised({ content, etag }: TaggedText): TaggedText {
  return { content: content.replace(/\r\n?/g, '\n'), etag };
}
