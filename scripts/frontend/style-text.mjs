// `import text from './x.css?text'`: a style sheet, with those that it imports, that comes along with the chunk that needs it, as
// text for a constructable style sheet. The first load of the dashboard does not pay for it, and the content security policy,
// which forbids style elements, allows it.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build as bundle } from 'esbuild';

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
      const { outputFiles, metafile } = await bundle({
        entryPoints: [path],
        bundle: true,
        minify: minify === true,
        target,
        metafile: true,
        write: false,
      });
      const watchFiles = Object.keys(metafile.inputs).map((file) => resolve(file));
      return { contents: outputFiles[0]?.text ?? '', loader: 'text', watchFiles };
    });
  },
};
