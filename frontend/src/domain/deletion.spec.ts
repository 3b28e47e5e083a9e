import { describe, expect, it } from '@jest/globals';
import type { Deletion } from '../../../src/contracts/trash.js';
import { deletionProgress, deletionsFraction } from './deletion.js';

const deletion = (more: Partial<Deletion>): Deletion => ({
  id: 'a',
  name: 'Comfy',
  phase: 'deleting',
  total_bytes: 20 * 1024 ** 3,
  removed_bytes: 5 * 1024 ** 3,
  removed_files: 1234,
  ...more,
});

describe('how far a deletion is', () => {
  it('is a share of what there was, never more than all', () => {
    expect(deletionProgress(deletion({}))).toEqual({
      phase: 'Deleting',
      fraction: 0.25,
      note: '5.0 GB of 20.0 GB',
    });
    expect(deletionProgress(deletion({ removed_bytes: 30 * 1024 ** 3 })).note).toBe('20.0 GB of 20.0 GB');
  });

  it('says what was removed where nobody knows how much there is', () => {
    expect(deletionProgress(deletion({ total_bytes: null }))).toEqual({
      phase: 'Deleting',
      fraction: null,
      note: '5.0 GB, 1,234 files',
    });
  });

  it('is told for all of them together, without those that failed', () => {
    const failed = deletion({ phase: 'failed', total_bytes: null });
    expect(deletionsFraction([deletion({}), deletion({ removed_bytes: 15 * 1024 ** 3 }), failed])).toBe(0.5);
    expect(deletionsFraction([deletion({}), deletion({ total_bytes: null })])).toBeNull();
    expect(deletionsFraction([failed])).toBeNull();
  });
});
