// Prints the bill of materials of this image (CycloneDX 1.5): Debian's packages, npm's, files of release pages. No time
// and no serial number, so that the same image has the same bill.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PROGRAM = dirname(import.meta.dirname);
const RELEASES = '/usr/share/aikore/releases';

function debianPackages() {
  const format = '${Package}\t${Version}\t${Architecture}\n';
  const listed = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8' });
  return listed
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name, version, architecture]) => ({
      type: 'library',
      name,
      version,
      purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-12`,
    }));
}

/** Packages may be in folders of packages, and scopes are folders of their own. */
function npmPackagesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap(({ name }) => {
      const path = join(folder, name);
      if (name.startsWith('@')) return npmPackagesIn(path);
      return [...npmPackageAt(path), ...npmPackagesIn(join(path, 'node_modules'))];
    });
}

function npmPackageAt(path) {
  const manifest = join(path, 'package.json');
  if (!existsSync(manifest)) return [];
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8'));
  const purl = `pkg:npm/${name.split('/').map(encodeURIComponent).join('/')}@${version}`;
  const licenses = typeof license === 'string' ? { licenses: [{ expression: license }] } : {};
  return [{ type: 'library', name, version, purl, ...licenses }];
}

function releases() {
  if (!existsSync(RELEASES)) return [];
  return readdirSync(RELEASES).map((name) => {
    const [version, url, sum] = readFileSync(join(RELEASES, name), 'utf8').split('\n');
    return {
      type: 'application',
      name,
      version,
      hashes: [{ alg: 'SHA-256', content: sum }],
      externalReferences: [{ type: 'distribution', url }],
    };
  });
}

const { version } = JSON.parse(readFileSync(join(PROGRAM, 'package.json'), 'utf8'));
const components = [
  ...debianPackages(),
  ...npmPackagesIn(join(PROGRAM, 'node_modules')),
  ...npmPackagesIn('/usr/local/lib/node_modules'),
  ...releases(),
  { type: 'application', name: 'node', version: process.versions.node },
];
const order = (component) => `${component.purl ?? ''} ${component.name} ${component.version}`;
const distinct = [...new Map(components.map((component) => [order(component), component])).values()];
distinct.sort((a, b) => (order(a) < order(b) ? -1 : 1));
const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: { type: 'container', name: 'aikore', version } },
  components: distinct,
};
process.stdout.write(`${JSON.stringify(bill, null, 1)}\n`);
