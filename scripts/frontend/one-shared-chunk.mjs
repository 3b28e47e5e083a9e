// With several parts that are loaded late, esbuild makes a chunk for every set of parts that share something, and the first
// load becomes a dozen requests. Here every late part reaches all modules of the lower rooms, so that these are shared by the
// same set, which is all of them, and lie in one chunk.
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const LOWER_ROOMS = ['base', 'domain', 'net', 'state', 'ui', 'actions'];
const SHARED = 'aikore:shared';

export function oneSharedChunk(sourceFolder) {
  return {
    name: 'one-shared-chunk',
    setup(build) {
      // The first part reaches them as well, or what only binds them together would be a chunk of its own.
      const lateParts = new Set();
      const begin = () => {
        lateParts.clear();
        lateParts.add(join(sourceFolder, 'src', 'main.ts'));
      };
      build.onStart(begin);
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind === 'dynamic-import') lateParts.add(resolve(resolveDir, path.replace(/\.js$/, '.ts')));
        return null;
      });
      build.onResolve({ filter: /^aikore:shared$/ }, () => ({ path: SHARED, namespace: 'shared' }));
      build.onLoad({ filter: /.*/, namespace: 'shared' }, async () => ({
        contents: (await modulesOf(sourceFolder)).map((file) => `import ${JSON.stringify(file)};`).join('\n'),
        resolveDir: sourceFolder,
      }));
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!lateParts.has(path)) return null;
        return { contents: `${await readFile(path, 'utf8')}\nimport '${SHARED}';\n`, loader: 'ts' };
      });
    },
  };
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
