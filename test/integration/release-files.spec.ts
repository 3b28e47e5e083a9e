import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SCRIPT = resolve(import.meta.dirname, '../../docker/build/release.sh');
const CONTENT = 'a release\n';
const SUM = createHash('sha256').update(CONTENT).digest('hex');

describe('a file of a release page that the image takes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-release-'));
  const file = join(folder, 'file');
  const server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/file' }).end();
    else response.writeHead(request.url === '/file' ? 200 : 404).end(CONTENT);
  });
  let address = '';
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs commands after release.sh, as the scripts that install something do. */
  function run(commands: string, env: Record<string, string> = {}): Promise<{ code: number; said: string }> {
    const options = { env: { PATH: process.env['PATH'], ...env } };
    return new Promise((done) =>
      execFile('sh', ['-euc', `. "${SCRIPT}"; ${commands}`], options, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
      ),
    );
  }

  it('is the one whose checksum is pinned', async () => {
    expect(await run(`fetch_release ${address}/moved ${SUM} ${file}`)).toEqual({ code: 0, said: '' });
    expect(readFileSync(file, 'utf8')).toBe(CONTENT);
  });

  it('ends the build when it is another, and tells which', async () => {
    const other = '0'.repeat(64);
    const { code, said } = await run(
      `fetch_release ${address}/file ${other} ${file}; echo installed >${file}.used`,
    );
    expect(code).not.toBe(0);
    expect(said).toContain(`${file} is not the file that was pinned: its SHA-256 is ${SUM}.`);
    expect(existsSync(`${file}.used`)).toBe(false);
  });

  it('ends the build when it cannot be had, and tells what helps', async () => {
    const { code, said } = await run(`fetch_release ${address}/gone ${SUM} ${file}`);
    expect(code).not.toBe(0);
    expect(said).toContain(
      `${address}/gone cannot be fetched. Build arguments do without it: docs/deploy/README.md.`,
    );
  });

  it('is the one for the machine, where there is one', async () => {
    const sums = { SUM_AMD64: 'of-amd64', SUM_ARM64: 'of-arm64' };
    const on = (kind: string) => run(`dpkg() { echo ${kind}; }; sum=$(checksum_for SUM); echo "$sum"`, sums);
    expect((await on('amd64')).said).toBe('of-amd64\n');
    expect((await on('arm64')).said).toBe('of-arm64\n');
    expect(await on('riscv64')).toEqual({ code: 1, said: 'SUM: there is no release for riscv64.\n' });
  });
});
