import { Observable } from '../base/observable.js';
import { TransferRate } from '../domain/transfer-rate.js';
import { ApiError } from '../net/http.js';
import { archivePath } from '../net/transfer-api.js';
import { uploadFile } from '../net/upload.js';

/** A file that is being sent to the archives. */
export interface Upload {
  readonly key: number;
  /** What it is called on the server. */
  readonly file: string;
  readonly totalBytes: number;
  readonly sentBytes: number;
  readonly bytesPerSecond: number | null;
  /** Why it was not sent, in a sentence; null while all is well. */
  readonly problem: string | null;
}

/** Files on their way to the archives. They go on while dialogs close, and end with the page. */
export class UploadStore {
  readonly list = new Observable<readonly Upload[]>([]);
  private readonly running = new Map<number, AbortController>();
  private lastKey = 0;

  get isBusy(): boolean {
    return this.running.size > 0;
  }

  /** @returns whether it arrived whole; what went wrong stays in the list until it is put away */
  async send(file: Blob, name: string): Promise<boolean> {
    const key = (this.lastKey += 1);
    const abort = new AbortController();
    const rate = new TransferRate();
    this.running.set(key, abort);
    const begun = { key, file: name, totalBytes: file.size, sentBytes: 0 };
    this.list.set([...this.list.value, { ...begun, bytesPerSecond: null, problem: null }]);
    try {
      await uploadFile(archivePath(name), file, {
        signal: abort.signal,
        onProgress: (sentBytes) => {
          rate.add(sentBytes, performance.now());
          this.change(key, { sentBytes, bytesPerSecond: rate.bytesPerSecond });
        },
      });
      this.remove(key);
      return true;
    } catch (error) {
      if (abort.signal.aborted) this.remove(key);
      else this.change(key, { problem: sentenceOf(error) });
      return false;
    } finally {
      this.running.delete(key);
      // Who looks at the list asks whether something is under way.
      this.list.set([...this.list.value]);
    }
  }

  /** Says of a file that it is not sent at all. */
  refuse(name: string, totalBytes: number, problem: string): void {
    const key = (this.lastKey += 1);
    const refused = { key, file: name, totalBytes, sentBytes: 0, bytesPerSecond: null, problem };
    this.list.set([...this.list.value, refused]);
  }

  /** Ends one that is under way, or puts away one that failed. */
  end(key: number): void {
    this.running.get(key)?.abort();
    this.remove(key);
  }

  private change(key: number, change: Partial<Upload>): void {
    this.list.set(this.list.value.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
  }

  private remove(key: number): void {
    this.list.set(this.list.value.filter((upload) => upload.key !== key));
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? error.message : String(error);
}

const stores = new WeakMap<object, UploadStore>();

/** The one of a page. Made when somebody needs it: most visits upload nothing. */
export function uploadsOf(page: object): UploadStore {
  const store = stores.get(page) ?? new UploadStore();
  stores.set(page, store);
  return store;
}
