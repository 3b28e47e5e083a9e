import type { Operation, OperationKind } from '../../../src/contracts/operation.js';
import type { Deletion } from '../../../src/contracts/trash.js';
import { deletionsFraction } from './deletion.js';
import { briefly, doing, isEnded, operationsFraction, shortTitle } from './operation.js';

/** A file that is being uploaded, as far as a badge wants to know. */
export interface UploadFigures {
  file: string;
  sentBytes: number;
  totalBytes: number;
}

export interface Badge {
  symbol: 'copy' | 'archive' | 'trash';
  /** `Cloning`; several at once are counted. */
  words: string;
  /** `40 %`; empty while it cannot be told. */
  percent: string;
  /** Each by its name. */
  all: string;
}

const SYMBOLS: Record<OperationKind, Badge['symbol']> = {
  clone: 'copy',
  export: 'archive',
  import: 'archive',
};

interface Part {
  symbol: Badge['symbol'];
  word: string;
  title: string;
}

/** What the top bar says of all long work that is under way; null when there is none. */
export function badgeOf(
  operations: readonly Operation[],
  deletions: readonly Deletion[],
  uploads: readonly UploadFigures[],
): Badge | null {
  const running = operations.filter((operation) => !isEnded(operation));
  const removing = deletions.filter(({ phase }) => phase !== 'failed');
  const parts: Part[] = [
    ...running.map((operation) => ({
      symbol: SYMBOLS[operation.kind],
      word: doing(operation.kind),
      title: shortTitle(operation),
    })),
    ...uploads.map(({ file }) => ({
      symbol: 'archive' as const,
      word: 'Uploading',
      title: `Uploading ${briefly(file)}`,
    })),
    ...removing.map(({ name }) => ({
      symbol: 'trash' as const,
      word: 'Deleting',
      title: `Deleting ${name}`,
    })),
  ];
  const [first] = parts;
  if (!first) return null;
  const isOneKind = parts.every(({ word }) => word === first.word);
  const percent = percentOf(fractionOfAll(running, removing, uploads));
  return {
    symbol: first.symbol,
    words: isOneKind ? first.word : `${String(parts.length)} tasks`,
    percent,
    all: [parts.map(({ title }) => title).join(', '), percent].filter(Boolean).join(' '),
  };
}

/** Of the kinds of work there are; one that cannot tell makes the whole unknown. */
function fractionOfAll(
  operations: readonly Operation[],
  deletions: readonly Deletion[],
  uploads: readonly UploadFigures[],
): number | null {
  const shares: (number | null)[] = [];
  if (operations.length > 0) shares.push(operationsFraction(operations));
  if (deletions.length > 0) shares.push(deletionsFraction(deletions));
  if (uploads.length > 0) shares.push(uploadsFraction(uploads));
  const known = shares.filter((share) => share !== null);
  if (known.length === 0 || known.length < shares.length) return null;
  return known.reduce((sum, share) => sum + share, 0) / known.length;
}

function uploadsFraction(uploads: readonly UploadFigures[]): number | null {
  const total = uploads.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const sent = uploads.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  return total === 0 ? null : Math.min(1, sent / total);
}

function percentOf(fraction: number | null): string {
  return fraction === null ? '' : `${String(Math.round(fraction * 100))} %`;
}
