import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { DocumentRewriter } from './domain/document-rewriter.js';
import { HeadInjector } from './head-injector.js';

const injector = (): HeadInjector => new HeadInjector(() => '<TAG>', new DocumentRewriter('/instance/app'));

async function inject(chunks: (string | Buffer)[]): Promise<string> {
  const output: Buffer[] = [];
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(injector());
  for await (const chunk of stream) output.push(chunk as Buffer);
  return Buffer.concat(output).toString();
}

describe('HeadInjector', () => {
  it('finds a head that is split across chunks and changes no other byte', async () => {
    expect(await inject(['<html><he', 'ad>', 'ünï', '</head>'])).toBe('<html><head><TAG>ünï</head>');
  });

  it('mends what follows', async () => {
    expect(await inject(['<head><scr', 'ipt src="/ü.js"></script>'])).toBe(
      '<head><TAG><script src="/instance/app/ü.js"></script>',
    );
  });

  it('gives up after 64 KiB and keeps everything', async () => {
    const comment = `<!--${'x'.repeat(70_000)}`;
    expect(await inject(['<!doctype html>', comment, '--><head>'])).toBe(
      `<!doctype html><TAG>${comment}--><head>`,
    );
  });

  it('adds nothing to an empty body', async () => {
    expect(await inject([])).toBe('');
  });

  it('lets a stream flow as soon as the head was seen', async () => {
    const stream = injector();
    stream.write('<head>');
    const [first] = (await stream.take(1).toArray()) as Buffer[];
    expect(first?.toString()).toBe('<head><TAG>');
    stream.destroy();
  });
});
