import { createHash } from 'node:crypto';

/** Reads a body of any size and forgets it piece by piece; what stays is its length and its SHA-256. */
export async function receiveUpload(request) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
