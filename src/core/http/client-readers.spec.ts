import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a connection or a header says of who asks, before it is known whom to believe. */
const RAW_FACTS =
  /\bsocket\.remoteAddress\b|\bheaders\.host\b|\bheaders\[['"](?:host|x-forwarded-\w+|forwarded)|\brequest\.(?:ip|ips|hostname|protocol)\b|instanceof TLSSocket/;

describe('who is asking', () => {
  it('is read in one place', () => {
    const readers = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ts$/.test(file) && !/\.spec\.ts$/.test(file))
      .filter((file) => RAW_FACTS.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(readers.sort()).toEqual(['core/http/client-view.ts', 'core/http/peer.ts']);
  });
});
