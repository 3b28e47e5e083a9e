import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dockerSays } from './docker.js';
import { extraCertificates } from './machine.js';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const ARCHITECTURES: Record<string, string> = { x64: 'x64', arm64: 'arm64' };
/** The major version of npm that comes with Node 24. */
const NPM_MAJOR = '11';

/** Where certificates lie that Debian's ca-certificates takes up when it is installed. */
const CERTIFICATES = 'usr/local/share/ca-certificates';

/** Does something in a folder that is gone afterwards; on a disk, because it may be large. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(process.env['AIKORE_TEST_RUN'] ?? tmpdir(), 'stand-in-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes an image of a minimal Debian. @param name what it is called @param mirror where its packages come from */
export function makeDebian(name: string, mirror: string): Promise<void> {
  return inFolder(async (folder) => {
    const root = join(folder, 'root');
    const release = /:([a-z]+)/.exec(name)?.[1] ?? 'bookworm';
    await shell('debootstrap', ['--variant=minbase', release, root, mirror]);
    addCertificates(root);
    slim(root);
    const archive = join(folder, 'root.tar');
    await shell('tar', ['--create', '--file', archive, '--numeric-owner', '--directory', root, '.']);
    const trust = hasCertificates()
      ? ['--change', `ENV NODE_EXTRA_CA_CERTS=/${CERTIFICATES}/machine.pem`]
      : [];
    await dockerSays('import', '--change', 'CMD ["bash"]', ...trust, archive, name);
  });
}

/**
 * Makes an image of Node with npm, laid out as the official one is, from packages of the npm registry.
 * @param base image of Debian that it stands on
 */
export function makeNode(name: string, base: string): Promise<void> {
  return inFolder(async (folder) => {
    const version = /:(\d+\.\d+\.\d+)/.exec(name)?.[1];
    const architecture = ARCHITECTURES[process.arch];
    if (version === undefined || architecture === undefined)
      throw new Error(`there is no stand-in for ${name} on ${process.arch}`);
    const local = join(folder, 'local');
    await unpack(`node-linux-${architecture}@${version}`, folder, join(folder, 'node'));
    await unpack(`npm@${NPM_MAJOR}`, folder, join(local, 'lib/node_modules/npm'));
    mkdirSync(join(local, 'bin'), { recursive: true });
    await shell('cp', [join(folder, 'node/bin/node'), join(local, 'bin/node')]);
    for (const program of ['npm', 'npx'])
      await shell('ln', ['-s', `../lib/node_modules/npm/bin/${program}-cli.js`, join(local, 'bin', program)]);
    await shell('chown', ['-R', '0:0', local]);
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${base}\nCOPY local /usr/local\nCMD ["node"]\n`);
    writeFileSync(join(folder, '.dockerignore'), '*\n!local\n');
    await dockerSays('build', '--quiet', '--tag', name, folder);
  });
}

/** Fetches a package from the npm registry and unpacks it, running nothing of it. */
async function unpack(wanted: string, folder: string, target: string): Promise<void> {
  const parcel = mkdtempSync(join(folder, 'parcel-'));
  await shell('npm', ['pack', '--silent', '--pack-destination', parcel, wanted]);
  const [archive] = readdirSync(parcel);
  mkdirSync(target, { recursive: true });
  await shell('tar', [
    '--extract',
    '--gzip',
    '--file',
    join(parcel, archive ?? ''),
    '--strip-components=1',
    '--directory',
    target,
  ]);
}

/** Without what the official slim images are without, too. */
function slim(root: string): void {
  const emptied = [
    'var/cache/apt/archives',
    'var/lib/apt/lists',
    'usr/share/man',
    'usr/share/locale',
    'usr/share/info',
  ];
  for (const folder of emptied.map((path) => join(root, path))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
  for (const folder of emptied.slice(0, 2)) mkdirSync(join(root, folder, 'partial'));
}

function hasCertificates(): boolean {
  return extraCertificates().length > 0;
}

function addCertificates(root: string): void {
  const folder = join(root, CERTIFICATES);
  const certificates = extraCertificates();
  mkdirSync(folder, { recursive: true });
  certificates.forEach((text, index) => writeFileSync(join(folder, `machine-${index}.crt`), `${text}\n`));
  if (certificates.length > 0) writeFileSync(join(folder, 'machine.pem'), `${certificates.join('\n')}\n`);
}

async function shell(program: string, args: string[]): Promise<void> {
  await run(program, args, { cwd: '/', maxBuffer: MAX_OUTPUT_BYTES });
}
