import { expect, it, jest } from '@jest/globals';
import { describeWith, useImage } from '../support/docker/image.js';
import type { ImageFile } from '../support/docker/image-files.js';
import { describeMode, expectedModes, filesOf, isUnusual } from '../support/docker/image-files.js';

jest.setTimeout(120_000);
const image = await useImage();

describeWith(image)('the files of the image', () => {
  const files = image === null ? [] : filesOf(image);
  const below = (folder: string) => files.filter(({ path }) => path.startsWith(`${folder}/`));
  const paths = (found: readonly ImageFile[]) => found.map(({ path }) => path);

  it('are changed by root alone and have nobody’s rights but their caller’s, but for those that are explained', () => {
    const found = files.filter(isUnusual).map(describeMode);
    expect(found.sort()).toEqual(
      expectedModes()
        .map(({ line }) => line)
        .sort(),
    );
  });

  it('are explained where they are unusual', () => {
    expect(expectedModes().filter(({ reason }) => reason.length < 10)).toEqual([]);
  });

  it('are none that only building needs', () => {
    const folders = [
      '/src',
      '/build',
      '/program',
      '/root/.npm',
      '/root/.cache',
      '/var/lib/apt/lists',
      '/var/cache/apt/archives',
    ];
    expect(folders.flatMap((folder) => paths(below(folder).filter(({ kind }) => kind === 'f')))).toEqual([]);
    expect(paths(files).filter((path) => /\/\.git$|\.spec\.[cm]?[jt]s$/.test(path))).toEqual([]);
    expect(
      paths(below('/opt/sd-install')).filter((path) => /(?<!\.d)\.ts$|\.[ch]$|\.o$|\/(src|test)$/.test(path)),
    ).toEqual([]);
    expect(paths(below('/opt/uv')).filter((path) => /\/(pip|setuptools)$/.test(path))).toEqual([]);
    expect(paths(below('/tmp'))).toEqual([]);
  });

  it('are no secrets: no key, no account, nothing that is the same in every container', () => {
    const keys = /\.key$|\/id_(rsa|ed25519|ecdsa)$|\/ssh_host_|\/\.npmrc$|\/\.netrc$|\/\.docker$|\/\.pypirc$/;
    const filled = files.filter(({ kind, bytes }) => kind === 'f' && bytes > 0);
    expect(paths(filled).filter((path) => keys.test(path))).toEqual([]);
    expect(paths(below('/root')).filter((path) => !/\/\.(bashrc|profile)$/.test(path))).toEqual([]);
    expect(paths(filled).filter((path) => path.endsWith('/machine-id'))).toEqual([]);
  });
});
