import { describe, expect, it } from '@jest/globals';
import type { Operation, OperationKind, OperationPhase } from '../../../src/contracts/operation.js';
import { badgeOf } from './badge.js';
import {
  interruptedSentence,
  longTitle,
  operationProgress,
  operationsFraction,
  outcomeSentence,
  reservedNames,
  sharedNote,
} from './operation.js';

const GB = 1024 ** 3;

const operation = (more: Partial<Operation> = {}): Operation => ({
  id: '1',
  kind: 'clone',
  subject: 'Comfy 2',
  source: 'Comfy',
  source_id: 1,
  phase: 'copying',
  total_bytes: 8 * GB,
  done_bytes: 2 * GB,
  done_files: 100,
  shared_bytes: 0,
  message: null,
  instance_id: null,
  started_at: '2026-11-21T10:00:00.000Z',
  ended_at: null,
  ...more,
});

describe('the progress of an operation', () => {
  it('has amount, speed and time left', () => {
    expect(operationProgress(operation(), 100 * 1024 ** 2)).toEqual({
      phase: 'Copying',
      fraction: 0.25,
      note: '2.0 GB of 8.0 GB · 100 MB/s · 1 min left',
    });
  });

  it.each<[OperationPhase, Partial<Operation>, number | null, string]>([
    ['waiting', { done_bytes: 0, total_bytes: null }, null, ''],
    ['counting', { done_bytes: 0, total_bytes: null }, null, ''],
    ['copying', { done_bytes: 0, total_bytes: null }, null, ''],
    ['unpacking', { done_bytes: 9 * GB }, 1, '8.0 GB of 8.0 GB'],
    ['copying', { total_bytes: 0, done_bytes: 0 }, null, '0 B'],
    ['packing', { total_bytes: null }, null, '2.0 GB'],
    ['relocating', { done_bytes: 8 * GB }, null, '8.0 GB of 8.0 GB'],
  ])('in the phase %s with %j', (phase, more, fraction, note) => {
    expect(operationProgress(operation({ phase, ...more }), null)).toMatchObject({
      fraction,
      note,
    });
  });

  it('of several is told together, once all have counted', () => {
    const half = operation({ done_bytes: 6 * GB });
    expect(operationsFraction([operation(), half, operation({ phase: 'done', total_bytes: 99 * GB })])).toBe(
      0.5,
    );
    expect(operationsFraction([operation(), operation({ total_bytes: null })])).toBeNull();
    expect(operationsFraction([])).toBeNull();
  });
});

describe('the words of an operation', () => {
  it.each<[OperationKind, OperationPhase, string | null, string]>([
    ['clone', 'done', null, 'Comfy 2 is there, a clone of Comfy.'],
    ['export', 'done', null, 'Comfy was exported as Comfy 2.'],
    ['import', 'done', null, 'Comfy 2 is there, imported from Comfy.'],
    ['clone', 'failed', 'The disk is full.', 'Comfy was not cloned as Comfy 2. The disk is full.'],
    ['export', 'failed', null, 'Comfy was not exported. Nothing is left of it.'],
    [
      'import',
      'cancelled',
      null,
      'Comfy was not imported as Comfy 2. It was cancelled, and nothing is left of it.',
    ],
  ])('at the end of a %s that is %s', (kind, phase, message, sentence) => {
    expect(outcomeSentence(operation({ kind, phase, message }))).toBe(sentence);
  });

  it('say what takes no space, while it goes on and afterwards', () => {
    const shared = operation({ shared_bytes: GB });
    expect(sharedNote(shared)).toBe(
      '1.0 GB of it so far is shared with Comfy and takes no space of its own.',
    );
    expect(sharedNote({ ...shared, phase: 'done' })).toMatch(/^1\.0 GB of it is shared/);
    expect(sharedNote(operation())).toBe('');
  });

  it('bear names of any length', () => {
    const long = operation({
      kind: 'import',
      source: 'x'.repeat(10_000),
      subject: '🎉'.repeat(10_000),
      phase: 'failed',
    });
    for (const words of [longTitle(long), outcomeSentence(long), interruptedSentence(long)])
      expect(words.length).toBeLessThan(600);
  });

  it('keep the names that instances will have', () => {
    expect(
      reservedNames([
        operation(),
        operation({ kind: 'export' }),
        operation({ subject: 'Old', phase: 'done' }),
      ]),
    ).toEqual(['Comfy 2']);
  });
});

describe('the badge of long work', () => {
  const upload = { file: 'a.aikore.tar.gz', sentBytes: 1, totalBytes: 4 };
  const deletion = {
    id: 'd',
    name: 'Old',
    phase: 'deleting',
    total_bytes: 4,
    removed_bytes: 3,
    removed_files: 1,
  } as const;

  it('is absent while nothing is under way', () => {
    expect(badgeOf([operation({ phase: 'done' })], [{ ...deletion, phase: 'failed' }], [])).toBeNull();
  });

  it('names one kind of work, and counts several', () => {
    expect(badgeOf([operation()], [], [])).toEqual({
      symbol: 'copy',
      words: 'Cloning',
      percent: '25 %',
      all: 'Cloning Comfy 25 %',
    });
    expect(badgeOf([operation()], [deletion], [upload])).toEqual({
      symbol: 'copy',
      words: '3 tasks',
      percent: '42 %',
      all: 'Cloning Comfy, Uploading a.aikore.tar.gz, Deleting Old 42 %',
    });
  });

  it('says no figure where one of them cannot', () => {
    expect(badgeOf([operation({ total_bytes: null })], [deletion], [])?.percent).toBe('');
  });
});
