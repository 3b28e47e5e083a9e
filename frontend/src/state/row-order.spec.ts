import { describe, expect, it } from '@jest/globals';
import type { ServerEvent } from '../../../src/contracts/events.js';
import type { Instance } from '../../../src/contracts/instance.js';
import { InstanceStore } from './instances.js';
import { RowOrderKeeper } from './row-order.js';

const instances = [1, 2, 3].map((id) => ({ id, name: `n${String(id)}`, position: id }) as Instance);

function setUp() {
  const store = new InstanceStore();
  store.apply({ type: 'snapshot', seq: 1, data: { instances } } as unknown as ServerEvent);
  const sent: { ids: readonly number[]; answer: (error?: Error) => void }[] = [];
  const failures: unknown[] = [];
  const keeper = new RowOrderKeeper({
    store,
    send: (ids) =>
      new Promise((done, fail) => sent.push({ ids, answer: (error) => (error ? fail(error) : done()) })),
    onFailure: (error) => failures.push(error),
    eventsWithinMs: 1,
  });
  return { keeper, sent, failures, rows: () => keeper.rows().map(({ id }) => id) };
}

const settled = () => new Promise((done) => setTimeout(done, 5));

describe('RowOrderKeeper', () => {
  it('shows a wished order at once and sends only the newest of those that wait', async () => {
    const { keeper, sent, rows } = setUp();
    keeper.arrange([2, 1, 3]);
    keeper.arrange([2, 3, 1]);
    keeper.arrange([3, 2, 1]);
    expect(rows()).toEqual([3, 2, 1]);
    sent[0]?.answer();
    await settled();
    expect(sent.map(({ ids }) => ids)).toEqual([
      [2, 1, 3],
      [3, 2, 1],
    ]);
    sent[1]?.answer();
    await settled();
    // No event came: what the server tells is what counts.
    expect(rows()).toEqual([1, 2, 3]);
  });

  it('goes back to the stored order when it is refused', async () => {
    const { keeper, sent, failures, rows } = setUp();
    keeper.arrange([3, 2, 1]);
    sent[0]?.answer(new Error('no'));
    await settled();
    expect([rows(), failures.length]).toEqual([[1, 2, 3], 1]);
  });
});
