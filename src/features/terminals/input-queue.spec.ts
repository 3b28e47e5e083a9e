import { describe, expect, it } from '@jest/globals';
import { InputQueue } from './input-queue.js';

function makeQueue() {
  const sent: Buffer[] = [];
  const pauses: boolean[] = [];
  const queue = new InputQueue({
    send: (piece) => sent.push(piece),
    setPaused: (isPaused) => pauses.push(isPaused),
  });
  const sentBytes = () => sent.reduce((sum, { length }) => sum + length, 0);
  return { queue, sent, pauses, sentBytes };
}

describe('what is typed', () => {
  it('goes on at once while the program reads', () => {
    const { queue, sent } = makeQueue();
    queue.add(Buffer.from('ls'));
    queue.add(Buffer.from('\r'));
    expect(sent.map(String)).toEqual(['ls', '\r']);
  });

  it('waits in order when it does not, up to a bound, and the viewer waits beyond it', () => {
    const { queue, sent, pauses, sentBytes } = makeQueue();
    const mib = Buffer.alloc(1024 * 1024, 'x');
    queue.add(mib);
    expect(sentBytes()).toBe(32 * 1024);
    expect(pauses).toEqual([]);
    queue.add(mib);
    queue.add(mib);
    expect(pauses).toEqual([true]);
    for (let taken = 32 * 1024; taken <= 3 * mib.length; taken += 32 * 1024) queue.taken(taken);
    expect(Buffer.concat(sent)).toHaveLength(3 * mib.length);
    expect(pauses).toEqual([true, false]);
  });
});
