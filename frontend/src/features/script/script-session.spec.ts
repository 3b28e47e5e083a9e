import { beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError } from '../../net/http.js';
import { DraftStore } from '../../state/drafts.js';
import type { Draft } from '../../state/drafts.js';
import type { SavedText, ScriptDocument, TaggedText } from './script-document.js';
import { ScriptSession } from './script-session.js';

/** A server with one script, which refuses a stale tag as the real one does. */
class FakeServer implements ScriptDocument {
  readonly key = 'instance.1';
  readonly filename = 'launch.sh';
  readonly title = 'the script';
  isReadOnly = false;
  version = 1;
  content = 'one\n';

  load(): Promise<TaggedText> {
    return Promise.resolve({ content: this.content, etag: `"${String(this.version)}"` });
  }

  save(content: string, etag: string | null): Promise<SavedText> {
    if (etag !== `"${String(this.version)}"`) return Promise.reject(new ApiError(412, 'STALE', 'stale'));
    this.write(content);
    return Promise.resolve({ content, etag: `"${String(this.version)}"`, note: null });
  }

  write(content: string): void {
    this.content = content;
    this.version += 1;
  }
}

class MemoryDrafts extends DraftStore {
  readonly kept = new Map<string, Draft>();
  isFull = false;

  override read(key: string): Draft | null {
    return this.kept.get(key) ?? null;
  }

  override write(key: string, draft: Draft): boolean {
    if (!this.isFull) this.kept.set(key, draft);
    return !this.isFull;
  }

  override remove(key: string): void {
    this.kept.delete(key);
  }
}

class FakeText {
  text = '';
  isReadOnly = false;

  open(text: string): void {
    this.text = text;
  }

  replace(text: string): void {
    this.text = text;
  }

  setReadOnly(isReadOnly: boolean): void {
    this.isReadOnly = isReadOnly;
  }
}

let server: FakeServer;
let drafts: MemoryDrafts;
let text: FakeText;

beforeEach(() => {
  server = new FakeServer();
  drafts = new MemoryDrafts();
  text = new FakeText();
});

async function opened(): Promise<ScriptSession> {
  const session = new ScriptSession(server, text, drafts, () => new Date('2026-11-21T12:04:00Z'));
  await session.load();
  return session;
}

function type(session: ScriptSession, content: string): void {
  text.text = content;
  session.edited();
}

describe('unsaved work', () => {
  it('is written down, offered to the next page, and comes back with the tag it began from', async () => {
    const first = await opened();
    type(first, 'mine\n');
    expect(first.isDirty.value).toBe(true);
    first.dispose();
    expect(drafts.kept.get('instance.1')).toEqual({
      content: 'mine\n',
      etag: '"1"',
      at: '2026-11-21T12:04:00.000Z',
    });
    const second = await opened();
    expect([text.text, text.isReadOnly, second.isDirty.value]).toEqual(['one\n', true, false]);
    second.restoreDraft();
    expect([text.text, text.isReadOnly, second.isDirty.value]).toEqual(['mine\n', false, true]);
    expect(second.foreign.value).toBeNull();
    expect((await second.save(false)).kind).toBe('saved');
    expect(drafts.kept.size).toBe(0);
  });

  it('of another tab is not taken away by one that has none', async () => {
    const idle = await opened();
    drafts.kept.set('instance.1', { content: 'of another tab', etag: '"1"', at: 'x' });
    idle.keepDraft();
    idle.dispose();
    expect(drafts.kept.size).toBe(1);
  });

  it('that is discarded is gone', async () => {
    drafts.kept.set('instance.1', { content: 'mine', etag: '"1"', at: 'x' });
    const session = await opened();
    session.discardDraft();
    expect([text.text, text.isReadOnly, drafts.kept.size]).toEqual(['one\n', false, 0]);
  });

  it('that is what the server has by now is not offered', async () => {
    drafts.kept.set('instance.1', { content: 'one\n', etag: '"0"', at: 'x' });
    expect((await opened()).offer.value).toBeNull();
    expect(drafts.kept.size).toBe(0);
  });

  it('begun before another save cannot overwrite that', async () => {
    drafts.kept.set('instance.1', { content: 'mine\n', etag: '"1"', at: 'x' });
    server.write('theirs\n');
    const session = await opened();
    session.restoreDraft();
    expect(session.foreign.value?.content).toBe('theirs\n');
    expect((await session.save(false)).kind).toBe('conflict');
    expect(server.content).toBe('theirs\n');
  });

  it('that the browser refuses to keep is said', async () => {
    const session = await opened();
    drafts.isFull = true;
    type(session, 'mine');
    session.keepDraft();
    expect(session.isUnkept.value).toBe(true);
  });
});

describe('two who write', () => {
  it('the second is told and decides: theirs', async () => {
    const session = await opened();
    type(session, 'mine\n');
    server.write('theirs\n');
    expect((await session.save(false)).kind).toBe('conflict');
    expect([server.content, text.text]).toEqual(['theirs\n', 'mine\n']);
    session.takeTheirs(session.foreign.value!);
    expect([text.text, session.isDirty.value, session.foreign.value]).toEqual(['theirs\n', false, null]);
  });

  it('the second is told and decides: mine, unless a third one came', async () => {
    const session = await opened();
    type(session, 'mine\n');
    server.write('theirs\n');
    await session.save(false);
    const seen = session.foreign.value!;
    server.write('third\n');
    // Even when this page knows of the third one already: it was not what was decided about.
    await session.lookAgain();
    expect((await session.overwrite(seen, false)).kind).toBe('conflict');
    expect(server.content).toBe('third\n');
    expect((await session.overwrite(session.foreign.value!, false)).kind).toBe('saved');
    expect([server.content, session.foreign.value]).toEqual(['mine\n', null]);
  });

  it('a page without changes just shows the new version; one with changes keeps them', async () => {
    const session = await opened();
    server.write('theirs\n');
    expect([await session.lookAgain(), text.text]).toEqual(['updated', 'theirs\n']);
    type(session, 'mine\n');
    server.write('again\n');
    expect([await session.lookAgain(), text.text, session.foreign.value?.content]).toEqual([
      'conflict',
      'mine\n',
      'again\n',
    ]);
  });

  it('saving the same text twice is no conflict', async () => {
    const session = await opened();
    type(session, 'same\n');
    server.write('same\n');
    expect(await session.lookAgain()).toBe('same');
    expect(session.isDirty.value).toBe(false);
  });

  it('what is typed while it is being saved stays unsaved', async () => {
    const session = await opened();
    type(session, 'mine\n');
    const saving = session.save(false);
    type(session, 'mine and more\n');
    await saving;
    expect([server.content, session.isDirty.value]).toEqual(['mine\n', true]);
  });
});

it('a script of another system’s line ends is not changed by opening it', async () => {
  server.content = 'one\r\ntwo\r\n';
  const session = await opened();
  expect(text.text).toBe('one\ntwo\n');
  session.edited();
  expect(session.isDirty.value).toBe(false);
});

it('a script that cannot be fetched says so, and keeps nothing', async () => {
  server.load = () => Promise.reject(new ApiError(404, 'GONE', 'gone'));
  const session = await opened();
  expect(session.state.value.kind).toBe('failed');
  session.dispose();
  expect(drafts.kept.size).toBe(0);
});
