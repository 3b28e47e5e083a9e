import { isUtf8 } from 'node:buffer';
import type { InstanceScript } from '../../contracts/script.js';
import { etagOf } from '../../core/http/etag.js';
import type { Present } from './script-file.js';

/** A script as the wire has it. */
export function describeScript({ bytes, modifiedAt }: Present): InstanceScript {
  return {
    content: bytes.toString('utf8'),
    etag: etagOf(bytes),
    size_bytes: bytes.length,
    modified_at: modifiedAt?.toISOString() ?? null,
    is_missing: modifiedAt === null,
    is_damaged: !isUtf8(bytes),
  };
}
