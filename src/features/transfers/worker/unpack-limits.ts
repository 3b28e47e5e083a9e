import type { Declared } from '../domain/transfer-job.js';
import { TransferFailed } from './failure.js';

/** Text compresses to a tenth, zeros to a thousandth: so much more than it weighs no honest archive holds. */
const MAX_RATIO = 200;
/** Below it nobody is harmed by any ratio. */
const HARMLESS_BYTES = 1e9;
/** Between two entries lie headers and padding. */
const MAX_BETWEEN_BYTES = 16 * 1024 * 1024;

/** Ends the unpacking of an archive that holds other than it says, or unpacks to nothing but bytes. */
export class UnpackLimits {
  private streamBytes = 0;
  private fileBytes = 0;
  private files = 0;
  private entries = 0;
  /** Of the stream: where the entry that is read ends at the latest. */
  private entryEndBytes = 0;

  constructor(
    private readonly declared: Declared,
    private readonly packedBytes: number,
  ) {}

  /** A piece of the stream. @throws TransferFailed */
  unpacked(bytes: number): void {
    this.streamBytes += bytes;
    if (this.streamBytes > HARMLESS_BYTES && this.streamBytes > this.packedBytes * MAX_RATIO)
      throw new TransferFailed('bad_archive', `It unpacks to more than ${MAX_RATIO} times its size.`);
    if (this.streamBytes > this.entryEndBytes + MAX_BETWEEN_BYTES)
      throw new TransferFailed('bad_archive', 'It holds more than its entries.');
  }

  /** @param fileBytes null for what is no file @throws TransferFailed */
  entry(fileBytes: number | null): void {
    this.entries += 1;
    if (fileBytes !== null) {
      this.files += 1;
      this.fileBytes += fileBytes;
    }
    this.entryEndBytes = this.streamBytes + (fileBytes ?? 0);
    const { totalBytes, fileCount, entryCount } = this.declared;
    if (!(this.fileBytes <= totalBytes) || this.files > fileCount || this.entries > entryCount)
      throw new TransferFailed('bad_archive', 'It holds more than it says.');
  }

  /** @throws TransferFailed */
  settle(): void {
    const { totalBytes, fileCount, entryCount } = this.declared;
    const isAll = this.fileBytes === totalBytes && this.files === fileCount && this.entries === entryCount;
    if (!isAll)
      throw new TransferFailed('bad_archive', 'It holds less than it says; a part of it is missing.');
  }
}
