import { createHash } from 'node:crypto';
import type { ArchivedFile } from './zip.js';
import { zip } from './zip.js';

/** A Python package, made as small as it can be. */
export interface PackageSpec {
  /** `gradio` */
  name: string;
  version: string;
  /** `numpy>=1.0` */
  requires?: readonly string[];
  /** What is imported; absent: the name with `_` for `-`. */
  module?: string;
  /** Further files by their path in site-packages, such as `uvicorn/__main__.py`. */
  files?: Readonly<Record<string, string>>;
  /** Programs that it puts into `bin/`: of a file's function, such as `uvicorn.cli:main`. */
  programs?: Readonly<Record<string, string>>;
}

/** As an index writes a name (PEP 503). */
export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

const fileName = (name: string): string => normalName(name).replace(/-/g, '_');

/** `gradio==3.41.2` as a package. */
export function parsePackage(text: string): PackageSpec {
  const [name = '', version = '1.0.0'] = text.split('==');
  return { name, version };
}

export const wheelFileName = (spec: PackageSpec): string =>
  `${fileName(spec.name)}-${spec.version}-py3-none-any.whl`;

/** A wheel (the binary distribution format of packaging.python.org). */
export function wheel(spec: PackageSpec): Buffer {
  const info = `${fileName(spec.name)}-${spec.version}.dist-info`;
  const files = contents(spec, info);
  const record = files.map((file) => `${file.path},${digest(file.content)},${file.content.length}`);
  const list = `${[...record, `${info}/RECORD,,`].join('\n')}\n`;
  return zip([...files, { path: `${info}/RECORD`, content: Buffer.from(list) }]);
}

function contents(spec: PackageSpec, info: string): ArchivedFile[] {
  const module = spec.module ?? spec.name.replace(/-/g, '_');
  const texts: [string, string][] = [
    [`${module}/__init__.py`, `__version__ = ${JSON.stringify(spec.version)}\n`],
    ...Object.entries(spec.files ?? {}),
    [`${info}/entry_points.txt`, entryPoints(spec)],
    [`${info}/METADATA`, metadata(spec)],
    [`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: stand-in\nRoot-Is-Purelib: true\nTag: py3-none-any\n'],
  ];
  return texts.map(([path, text]) => ({ path, content: Buffer.from(text) }));
}

function entryPoints({ programs = {} }: PackageSpec): string {
  const lines = Object.entries(programs).map(([name, place]) => `${name} = ${place}\n`);
  return lines.length === 0 ? '' : `[console_scripts]\n${lines.join('')}`;
}

function metadata({ name, version, requires = [] }: PackageSpec): string {
  const lines = requires.map((text) => `Requires-Dist: ${text}\n`).join('');
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${lines}`;
}

const digest = (content: Buffer): string =>
  `sha256=${createHash('sha256').update(content).digest('base64url')}`;
