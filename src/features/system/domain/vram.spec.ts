import { describe, expect, it } from '@jest/globals';
import type { Gpu } from '../../../contracts/system.js';
import { shareVram } from './vram.js';
import type { VramClaim } from './vram.js';

const gpu = (index: number, used: number | null, is_selectable = true) =>
  ({ index, memory_used_bytes: used, is_selectable }) as Gpu;
const claim = (id: number, gpuIds: string | null, ...pids: number[]): VramClaim => ({
  id,
  gpuIds,
  pids: new Set(pids),
});
const bytes = (shares: ReturnType<typeof shareVram>) => Object.fromEntries(shares.bytesOf);

describe('the memory of the cards that an instance holds', () => {
  it('is not known on a machine without cards', () => {
    const shares = shareVram({ gpus: [], processes: [] }, [claim(1, null, 5)]);
    expect([shares.source, bytes(shares)]).toEqual(['none', { 1: null }]);
  });

  it('is that of its processes, on all cards together', () => {
    const processes = [
      { pid: 5, memoryBytes: 100 },
      { pid: 5, memoryBytes: 20 },
      { pid: 6, memoryBytes: 3 },
      { pid: 99, memoryBytes: 1e9 },
    ];
    const shares = shareVram({ gpus: [gpu(0, 2e9)], processes }, [claim(1, '0', 4, 5, 6), claim(2, null, 7)]);
    expect([shares.source, bytes(shares)]).toEqual(['processes', { 1: 123, 2: 0 }]);
  });

  it('is not known when it is not told of one of them', () => {
    const processes = [
      { pid: 5, memoryBytes: 100 },
      { pid: 6, memoryBytes: null },
    ];
    const shares = shareVram({ gpus: [gpu(0, 2e9)], processes }, [claim(1, null, 5, 6), claim(2, null, 5)]);
    expect(bytes(shares)).toEqual({ 1: null, 2: 100 });
  });

  it('is what the cards of its mask hold when processes cannot be told apart', () => {
    const gpus = [gpu(0, 100), gpu(1, 20), gpu(2, 3, false)];
    const claims = [
      claim(1, null),
      claim(2, '1'),
      claim(3, '1,0'),
      claim(4, ''),
      claim(5, '7'),
      claim(6, '2'),
    ];
    const shares = shareVram({ gpus, processes: null }, claims);
    expect([shares.source, bytes(shares)]).toEqual(['mask', { 1: 120, 2: 20, 3: 120, 4: 0, 5: 0, 6: 0 }]);
  });

  it('is not known when a card of its mask does not tell', () => {
    const gpus = [gpu(0, null), gpu(1, 20)];
    const shares = shareVram({ gpus, processes: null }, [claim(1, null), claim(2, '1')]);
    expect([shares.source, bytes(shares)]).toEqual(['mask', { 1: null, 2: 20 }]);
    expect(shareVram({ gpus: [gpu(0, null)], processes: null }, []).source).toBe('none');
  });
});
