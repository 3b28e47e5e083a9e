// `import text from './x.css?text'`: a style sheet that comes along with the chunk that needs it, as text for a
// constructable style sheet. The first load of the dashboard does not pay for it, and the content security policy, which
// forbids style elements, allows it.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { transform } from 'esbuild';

const SUFFIX = '?text';

export const styleText = {
  name: 'style-text',
  setup(build) {
    build.onResolve({ filter: /\.css\?text$/ }, ({ path, resolveDir }) => {
      const wanted = path.slice(0, -SUFFIX.length);
      const file = wanted.startsWith('.')
        ? resolve(resolveDir, wanted)
        : createRequire(`${resolveDir}/`).resolve(wanted);
      return { path: file, namespace: 'style-text' };
    });
    build.onLoad({ filter: /.*/, namespace: 'style-text' }, async ({ path }) => {
      const { minify, target } = build.initialOptions;
      const source = await readFile(path, 'utf8');
      const { code } = await transform(source, { loader: 'css', minify: minify === true, target });
      return { contents: code, loader: 'text', watchFiles: [path] };
    });
  },
};
