import { describe, expect, it } from '@jest/globals';
import type { Instance } from '../../../src/contracts/instance.js';
import { instanceActions } from './instance-actions.js';
import type { InstanceActionHost } from './instance-actions.js';

const INSTANCE = { id: 7, name: 'Alpha', status: 'started', next_restart_at: null } as Instance;

describe('a command to an instance', () => {
  it('is given once at a time, and whoever shows its buttons looks again when it has been answered', async () => {
    let answer: () => void = () => undefined;
    const asked: string[] = [];
    const seen: (string | null)[] = [];
    const host = {
      api: {
        command: (id: number, name: string) => {
          asked.push(`${name} ${String(id)}`);
          return new Promise<void>((resolve) => (answer = resolve));
        },
      },
      notices: { success: () => undefined },
      reconsider: (id: number) => seen.push(id === INSTANCE.id ? stop.disabledReason(INSTANCE) : 'another'),
    } as unknown as InstanceActionHost;
    const stop = instanceActions(host).find(({ id }) => id === 'instance.stop')!;
    const running = Promise.resolve(stop.run(INSTANCE));
    expect(stop.disabledReason(INSTANCE)).toBe('Alpha is still taking the last command.');
    expect(seen).toEqual([]);
    answer();
    await running;
    expect([asked, seen]).toEqual([['stop 7'], [null]]);
  });
});
