import { describe, expect, it } from '@jest/globals';
import type { ServerEvent } from '../../contracts/events.js';
import { EventHub } from './event-hub.js';

const removed = (id: number) => ({ id, name: `instance ${id}` });

describe('the hub', () => {
  it('numbers events without a gap and hands each to every listener, in order', () => {
    const hub = new EventHub();
    const [first, second]: ServerEvent[][] = [[], []];
    hub.subscribe((event) => first?.push(event));
    hub.publish('instance.removed', removed(1));
    expect(hub.seq).toBe(1);
    hub.subscribe((event) => second?.push(event));
    hub.publish('instance.removed', removed(2));
    expect(first).toEqual([
      { type: 'instance.removed', seq: 1, data: removed(1) },
      { type: 'instance.removed', seq: 2, data: removed(2) },
    ]);
    expect(second?.map(({ seq }) => seq)).toEqual([2]);
  });

  it('lets listeners go, also while it hands something out', () => {
    const hub = new EventHub();
    const heard: string[] = [];
    const leave = hub.subscribe(() => {
      heard.push('once');
      leave();
    });
    hub.subscribe(() => heard.push('always'));
    hub.publish('instance.removed', removed(1));
    hub.publish('instance.removed', removed(2));
    expect(heard).toEqual(['once', 'always', 'always']);
    expect(hub.listenerCount).toBe(1);
  });
});
