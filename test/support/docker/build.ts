import { lastLines, runDocker } from './docker.js';
import { argumentDefault } from './dockerfile.js';
import { canFetch, debianMirrors, npmRegistry, proxies } from './machine.js';

const GITHUB = 'https://github.com';

/** The arguments that this machine's network asks for. */
export async function buildArguments(): Promise<Record<string, string>> {
  const mirrors = debianMirrors();
  const [hasKasm, hasMiniforge] = await Promise.all([canFetch(kasmRelease()), canFetch(miniforgeRelease())]);
  return {
    ...(mirrors.main === undefined ? {} : { APT_MIRROR: mirrors.main }),
    ...(mirrors.security === undefined ? {} : { APT_SECURITY_MIRROR: mirrors.security }),
    NPM_REGISTRY: npmRegistry(),
    ...(hasKasm ? {} : { DISPLAY_SERVER: 'tigervnc' }),
    ...(hasMiniforge ? {} : { MINIFORGE: '0' }),
    ...proxies(),
  };
}

function kasmRelease(): string {
  const version = argumentDefault('KASMVNC_VERSION');
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  return `${GITHUB}/kasmtech/KasmVNC/releases/download/v${version}/kasmvncserver_bookworm_${version}_${architecture}.deb`;
}

function miniforgeRelease(): string {
  const version = argumentDefault('MINIFORGE_VERSION');
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return `${GITHUB}/conda-forge/miniforge/releases/download/${version}/Miniforge3-${version}-Linux-${machine}.sh`;
}

/**
 * Builds the unmodified Dockerfile of a folder.
 * @returns how long it took, in milliseconds
 * @throws Error with the end of what the builder said
 */
export async function build(context: string, tag: string, args: Record<string, string>): Promise<number> {
  const startMs = performance.now();
  const given = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const { code, output } = await runDocker(['build', '--tag', tag, ...given, context]);
  if (code !== 0) throw new Error(`the image cannot be built:\n${lastLines(output)}`);
  return performance.now() - startMs;
}
