// With several parts that are loaded late, esbuild makes a chunk for every set of parts that share something, and the first
// load becomes a dozen requests. Here every late part reaches all modules of the lower rooms, so that these are shared by the
// same sets: one chunk holds those that the page needs at once, another one those that only late parts do.
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const LOWER_ROOMS = ['base', 'domain', 'net', 'state', 'ui', 'actions'];
const LATE_IMPORT = /\bimport\(\s*'(\.[^']+)\.js'\s*\)/g;
/** What a page imports before it is there, in TypeScript's words; types are not there at run time. */
const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)\.js'/gm;

export function oneSharedChunk(sourceFolder) {
  const page = join(sourceFolder, 'src', 'main.ts');
  return {
    name: 'one-shared-chunk',
    setup(build) {
      // The page reaches its share as well, or what only binds them together would be a chunk of its own.
      // Read from the sources: a part that is also imported by another late one is met by either way first.
      let lateParts = new Set();
      build.onStart(async () => {
        lateParts = await latePartsOf(join(sourceFolder, 'src'));
      });
      build.onResolve({ filter: /^aikore:/ }, ({ path }) => ({ path, namespace: 'shared' }));
      build.onLoad({ filter: /.*/, namespace: 'shared' }, async ({ path }) => {
        const [all, atOnce] = await Promise.all([modulesOf(sourceFolder), reachedFrom(page)]);
        const files = all.filter((file) => (path === 'aikore:at-once') === atOnce.has(file));
        return {
          contents: files.map((file) => `import ${JSON.stringify(file)};`).join('\n'),
          resolveDir: sourceFolder,
        };
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path !== page && !lateParts.has(path)) return null;
        const late = path === page ? '' : "import 'aikore:late';\n";
        return {
          contents: `${await readFile(path, 'utf8')}\nimport 'aikore:at-once';\n${late}`,
          loader: 'ts',
        };
      });
    },
  };
}

/** The modules that are loaded when they are asked for. */
async function latePartsOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name));
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const source = await readFile(join(parentPath, name), 'utf8');
      return [...source.matchAll(LATE_IMPORT)].map(([, path]) => resolve(parentPath, `${path}.ts`));
    }),
  );
  return new Set(found.flat());
}

/** The modules that come with a module. */
async function reachedFrom(entry) {
  const found = new Set();
  const visit = async (file) => {
    if (found.has(file)) return;
    found.add(file);
    const source = await readFile(file, 'utf8');
    const paths = [...source.matchAll(STATIC_IMPORT)].map(([, path]) => resolve(dirname(file), `${path}.ts`));
    await Promise.all(paths.map(visit));
  };
  await visit(entry);
  return found;
}

async function modulesOf(sourceFolder) {
  const found = await Promise.all(
    LOWER_ROOMS.map(async (room) => {
      const files = await readdir(join(sourceFolder, 'src', room));
      return files
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
        .map((file) => join(sourceFolder, 'src', room, file));
    }),
  );
  return found.flat();
}
