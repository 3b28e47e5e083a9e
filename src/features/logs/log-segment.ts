import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from '../../host/files/regular-file.js';

/** One file of a run's log. It is opened when it is first read. */
export class LogSegment {
  private opening: Promise<FileHandle | null> | undefined;

  constructor(
    private readonly path: string,
    /** Offset in the run of its first byte. */
    readonly baseBytes: number,
    file?: FileHandle,
  ) {
    if (file !== undefined) this.opening = Promise.resolve(file);
  }

  /** The open file; null when it was removed. */
  file(): Promise<FileHandle | null> {
    this.opening ??= openRegularFile(this.path).then((opened) => opened?.file ?? null);
    return this.opening;
  }

  /** Its size at this moment, 0 when it was removed. */
  async sizeBytes(): Promise<number> {
    const file = await this.file();
    return file === null ? 0 : (await file.stat()).size;
  }

  /**
   * Reads a range of the file into a buffer.
   * @returns how many bytes; fewer than asked for only at the end of the file
   */
  async read(into: Buffer, at: number, lengthBytes: number, fromBytes: number): Promise<number> {
    const file = await this.file();
    let read = 0;
    while (file !== null && read < lengthBytes) {
      const { bytesRead } = await file.read(into, at + read, lengthBytes - read, fromBytes + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return read;
  }

  /** For good: what is read afterwards is nothing. */
  async close(): Promise<void> {
    const { opening } = this;
    this.opening = Promise.resolve(null);
    await (await opening?.catch(() => null))?.close();
  }
}
