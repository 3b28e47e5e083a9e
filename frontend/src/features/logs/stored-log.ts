import type { LogSlice } from '../../../../src/contracts/instance.js';
import { Piece } from './screen/piece.js';
import type { Place } from './screen/place.js';

/** Of the end of a run that its successor cut off. */
const MOST_TAIL_BYTES = 1_048_576;

/** Of a request that only asks for the size. */
const MIN_LIMIT_BYTES = 4;

export type FetchLog = (offset: number, limit: number, run: number) => Promise<LogSlice>;

/** The stored logs of an instance's runs, and what fetching them tells of their ends. */
export class StoredLog {
  private readonly firstKept = new Map<number, number>();
  private readonly sizes = new Map<number, number>();

  constructor(private readonly fetchLog: FetchLog) {}

  /** Offset of the first byte of a run that is known to be kept. */
  firstKeptOf(run: number): number {
    return this.firstKept.get(run) ?? 0;
  }

  /** Known size of a run's log in bytes. */
  sizeOf(run: number): number {
    return this.sizes.get(run) ?? 0;
  }

  noteSize({ run, offset }: Place): void {
    this.sizes.set(run, Math.max(offset, this.sizeOf(run)));
  }

  /** One piece from an offset on. @throws ApiError */
  async fetch({ run, offset }: Place, limit: number): Promise<Piece> {
    const slice = await this.fetchLog(offset, limit, run);
    this.noteSize({ run, offset: slice.size });
    // Of a log that was cut only what is kept is sent.
    if (slice.offset > offset && slice.content !== '') this.firstKept.set(run, slice.offset);
    return new Piece(run, slice.content, slice.offset, slice.next_offset);
  }

  /** So many bytes before and behind a place, or before the end of the log when the place lies behind it. @throws ApiError */
  async fetchAround({ run, offset }: Place, bytes: number): Promise<Piece> {
    const from = { run, offset: Math.max(0, offset - bytes) };
    const piece = offset === Number.MAX_SAFE_INTEGER ? null : await this.fetch(from, bytes * 2);
    if (piece && piece.text !== '') return piece;
    const { size } = await this.fetchLog(-1, MIN_LIMIT_BYTES, run);
    return this.fetch({ run, offset: Math.max(0, size - bytes) }, bytes);
  }

  /** What a run said last; nothing when its log may have been dropped already. */
  fetchTail(from: Place): Promise<readonly Piece[]> {
    return this.fetch(from, MOST_TAIL_BYTES).then(
      (piece) => [piece],
      () => [],
    );
  }

  /** All that is kept of a range, without the line in whose middle it begins. @throws ApiError */
  async fetchLines(run: number, from: number, to: number): Promise<Piece> {
    let text = '';
    let start = from;
    let offset = from;
    while (offset < to) {
      const piece = await this.fetch({ run, offset }, to - offset);
      if (piece.nextOffset <= offset) break;
      if (text === '') start = piece.offset;
      text += piece.text;
      offset = piece.nextOffset;
    }
    return this.fromLine(new Piece(run, text, start, offset));
  }

  /** The first line of what is kept is shown, whole or not. */
  fromLine(piece: Piece): Piece {
    return piece.offset <= this.firstKeptOf(piece.run) ? piece : piece.fromNextLine();
  }
}
