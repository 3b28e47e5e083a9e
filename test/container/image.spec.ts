import { afterAll, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../support/docker/build.js';
import { startContainer } from '../support/docker/container.js';
import { docker, dockerSays } from '../support/docker/docker.js';
import { REPOSITORY } from '../support/docker/dockerfile.js';
import { layersOf, partsOf } from '../support/docker/history.js';
import { describeWith, useImage } from '../support/docker/image.js';

const MEGABYTE = 1_000_000;
const BUILD_LIMIT_MS = 600_000;
/** Half a minute on two idle cores; the layers say more than the time. */
const REBUILD_LIMIT_MS = 120_000;
jest.setTimeout(120_000);
const image = await useImage();

/** What a program prints in a container that is nothing but that program. */
function printed(...command: string[]): Promise<string> {
  const [program = '', ...args] = command;
  return dockerSays('run', '--rm', '--network=none', `--entrypoint=${program}`, image!.id, ...args);
}

interface Bill {
  bomFormat: string;
  specVersion: string;
  components: { name: string; version: string; purl?: string }[];
}

describeWith(image)('the image', () => {
  it('says what it is', async () => {
    const labels = JSON.parse(
      await dockerSays('image', 'inspect', '--format', '{{json .Config.Labels}}', image!.tag),
    ) as Record<string, string>;
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'AiKore',
      'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'org.opencontainers.image.revision': expect.any(String),
      'org.opencontainers.image.base.name': expect.stringMatching(/^debian:bookworm/),
      'org.aikore.sbom': '/usr/share/aikore/sbom.cdx.json',
    });
  });

  it('says what it is made of, and nothing of where it was made', async () => {
    const text = await printed('cat', '/usr/share/aikore/sbom.cdx.json');
    const bill = JSON.parse(text) as Bill;
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
    expect(bill.components.length).toBeGreaterThan(100);
    const names = new Set(bill.components.map(({ name }) => name));
    for (const name of ['node', 'better-sqlite3', 'nginx-light', 'libc6', 'npm', 'uv', 's6'])
      expect(names).toContain(name);
    expect(bill.components.filter(({ version }) => !/\d/.test(version))).toEqual([]);
    expect(text).not.toMatch(/\/src\/|\/tmp\/|\/program\/|file:/);
  });

  it('has what applications, operators and AiKore look for', async () => {
    const programs =
      'aria2c bash cc cmake curl ffmpeg fc-list file g++ git git-lfs jq less make nano nginx ninja node npm npx openbox openssl ' +
      'pip3 pkg-config python3 rsync s6-svscan setpriv shellcheck ssh unzip uv uvx vi wget xauth xprop xsetroot xterm zip zstd';
    const script = `for program in ${programs}; do command -v "$program" >/dev/null || echo "$program"; done`;
    expect(await printed('bash', '-c', script)).toBe('');
    expect(await printed('bash', '-c', 'command -v Xvnc || command -v Xtigervnc')).toMatch(/vnc/);
    expect(await printed('python3', '-c', 'import ensurepip, venv, sqlite3, ssl')).toBe('');
    expect(await printed('uv', '--version')).toMatch(/^uv \d/);
    for (const [language, face] of [
      ['zh-cn', 'CJK'],
      ['hi', 'Devanagari'],
      ['en', 'DejaVu|Noto'],
      ['und-zsye', 'Emoji'],
    ] as const)
      expect(await printed('fc-match', `:lang=${language}`)).toMatch(new RegExp(face));
  });

  it('compiles: C, C++, and a module for its own Python', async () => {
    const script = `
      cd "$(mktemp -d)"
      echo '#include <iostream>
      int main() { std::cout << "hello"; }' >a.cpp && g++ a.cpp -o a && ./a
      echo '#include <Python.h>
      static struct PyModuleDef d = {PyModuleDef_HEAD_INIT, "m", 0, -1, 0};
      PyMODINIT_FUNC PyInit_m(void) { return PyModule_Create(&d); }' >m.c
      gcc -shared -fPIC $(python3-config --includes) m.c -o m.so && python3 -c 'import m; print("", m.__name__)'`;
    expect(await printed('bash', '-c', script)).toBe('hello m');
  });

  it('stays small where AiKore itself is concerned', async () => {
    const { program } = await partsOf(image!.id);
    expect(program.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(120 * MEGABYTE);
  });

  it('becomes healthy without any network', async () => {
    const container = await startContainer({ image: image!, run: ['--network=none'] });
    await container.waitHealthy();
  });
});

describeWith(image)('after a change of one source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-context-'));
  const tag = `${image?.tag ?? ''}-changed`;
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await docker('rmi', tag);
  });

  it(
    'a build makes AiKore anew, and nothing of the system',
    async () => {
      copyTracked(folder);
      appendFileSync(join(folder, 'src/main.ts'), '\nexport const changed = true;\n');
      const durationMs = await build(folder, tag, image!.args);
      const { system } = await partsOf(image!.id);
      const kept = system.filter(({ bytes }) => bytes > 0).length;
      const [before, after] = [await layersOf(image!.id), await layersOf(tag)];
      expect(after.slice(0, kept)).toEqual(before.slice(0, kept));
      expect(after).not.toEqual(before);
      expect(durationMs).toBeLessThan(REBUILD_LIMIT_MS);
      console.info(`built anew in ${(durationMs / 1000).toFixed(1)} s after a change`);
    },
    BUILD_LIMIT_MS,
  );
});

/** Copies what git would: a build must not hang on anything else that lies about. */
function copyTracked(target: string): void {
  const pack = `git -C "${REPOSITORY}" ls-files -z | tar -C "${REPOSITORY}" -c --null -T - | tar -x -C "${target}"`;
  execFileSync('bash', ['-o', 'pipefail', '-c', pack]);
}
