import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { archiveFileProblem } from './archive-file.js';

const tar = (name: string, more = 0): Buffer => {
  const header = Buffer.alloc(1024 + more, 7);
  header.fill(0, 0, 512);
  header.write(name, 0, 'latin1');
  return header;
};

describe('a file that somebody wants to upload', () => {
  it.each([
    ['an export', gzipSync(tar('aikore.json'))],
    ['an export with a dot before its names', gzipSync(tar('./aikore.json'))],
    ['one of which only the beginning is looked at', gzipSync(tar('aikore.json', 4_000_000), { level: 0 })],
  ])('is taken: %s', async (_what, content) => {
    expect(await archiveFileProblem(new Blob([new Uint8Array(content)]))).toBeNull();
  });

  it.each([
    ['nothing', Buffer.alloc(0), /no archive/],
    ['a text', Buffer.from('hello'), /no archive/],
    ['an unpacked tar', tar('aikore.json'), /no archive/],
    ['a packed text', gzipSync('hello'), /no archive/],
    ['half of a packed file', gzipSync(tar('aikore.json')).subarray(0, 20), /no archive/],
    ['the tar of another program', gzipSync(tar('src/main.c')), /no export of AiKore/],
    ['zeros', gzipSync(Buffer.alloc(1_000_000)), /no export of AiKore/],
  ])('is refused: %s', async (_what, content, sentence) => {
    expect(await archiveFileProblem(new Blob([new Uint8Array(content)]))).toMatch(sentence);
  });
});
