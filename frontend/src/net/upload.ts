import { answerError, unreachedError } from './http.js';

export interface UploadWatch {
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
}

/**
 * Sends a file as it is. `fetch` tells nobody how much of a body is sent, so this is the older way.
 * @throws ApiError always, whatever went wrong; with the code `CANCELLED` when the signal ended it
 */
export function uploadFile(path: string, file: Blob, { onProgress, signal }: UploadWatch): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open('PUT', path);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', 'application/gzip');
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else
        reject(answerError(request.status, request.responseText, (name) => request.getResponseHeader(name)));
    };
    request.onerror = request.onabort = () => reject(unreachedError(signal));
    request.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) reject(unreachedError(signal));
    else request.send(file);
  });
}
