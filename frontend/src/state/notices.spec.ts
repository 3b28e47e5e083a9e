import { describe, expect, it } from '@jest/globals';
import { NoticeStore } from './notices.js';

describe('NoticeStore', () => {
  it('makes one of several of a kind and keeps the newest detail', () => {
    const store = new NoticeStore();
    store.add({ level: 'error', message: 'Busy.', detail: 'request 1' });
    store.add({ level: 'error', message: 'Busy.', detail: 'request 2' });
    store.add({ level: 'success', message: 'Busy.' });
    expect(store.list.value.map(({ level, count, detail }) => [level, count, detail])).toEqual([
      ['error', 2, 'request 2'],
      ['success', 1, null],
    ]);
  });

  it('lets errors stand when there are too many', () => {
    const store = new NoticeStore();
    store.add({ level: 'error', message: 'first error' });
    for (let index = 0; index < 20; index += 1) store.add({ level: 'success', message: `done ${index}` });
    const messages = store.list.value.map(({ message }) => message);
    expect(messages).toHaveLength(6);
    expect(messages[0]).toBe('first error');
    expect(messages.at(-1)).toBe('done 19');
  });

  it('forgets that the server did not answer, and nothing else', () => {
    const store = new NoticeStore();
    store.add({ level: 'error', message: 'AiKore does not answer.', isOfOutage: true });
    store.add({ level: 'error', message: 'Busy.', detail: 'INSTANCE_BUSY · request 1' });
    store.forgetOutage();
    expect(store.list.value.map(({ message }) => message)).toEqual(['Busy.']);
  });

  it('dismisses one and all', () => {
    const store = new NoticeStore();
    store.success('one');
    store.success('two');
    store.dismiss(store.list.value[0]!.id);
    expect(store.list.value.map(({ message }) => message)).toEqual(['two']);
    store.clear();
    expect(store.list.value).toEqual([]);
  });

  it('remembers the last 200, one line for the same again at once', () => {
    const store = new NoticeStore();
    for (let index = 0; index < 300; index += 1) store.success(`done ${index}`);
    store.add({ level: 'error', message: 'Busy.', code: 'BUSY', requestId: 'one' });
    store.add({ level: 'error', message: 'Busy.', code: 'BUSY', requestId: 'two' });
    expect(store.history.value).toHaveLength(200);
    expect(store.history.value.at(-1)).toMatchObject({ message: 'Busy.', count: 2, requestId: 'two' });
  });

  it('counts as unread what somebody may have missed, until they look', () => {
    const store = new NoticeStore();
    store.success('done');
    store.add({ level: 'warning', message: 'Careful.' });
    store.add({ level: 'error', message: 'Broken.' });
    expect(store.unread.value).toBe(2);
    store.markRead();
    expect([store.unread.value, store.list.value.length, store.history.value.length]).toEqual([0, 0, 3]);
  });
});
