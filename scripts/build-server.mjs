// Bundles the compiled server (dist/server, by tsc) into dist/aikore/main.js: loading one file instead of two thousand
// halves the time to the first answer (docs/adr/0006-bundled-server.md).
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** What has a native part or files of its own beside its code. */
const KEPT_OUTSIDE = ['better-sqlite3', '@node-rs/argon2', 'swagger-ui-dist'];

/** Packages that Nest would use if they were installed; it asks for each at run time and does without. */
const NOT_INSTALLED = [
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'class-transformer/storage',
];

/** CommonJS packages inside of an ES module expect these. */
const COMMONJS_NAMES = `
import { createRequire as $createRequire } from 'node:module';
import { fileURLToPath as $fileURLToPath } from 'node:url';
const require = $createRequire(import.meta.url);
const __filename = $fileURLToPath(import.meta.url);
const __dirname = import.meta.dirname;
`;

/**
 * The package that makes DTOs of others loads class-validator in a way that a bundler does not see. Left so, it would use
 * another copy, out of node_modules, and where there is none would say that every field of those DTOs is unknown.
 */
const oneValidator = {
  name: 'one-validator',
  setup({ onLoad }) {
    onLoad({ filter: /@nestjs\/mapped-types\/dist\/type-helpers\.utils\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace('const require = createRequire(import.meta.url);', '');
      if (contents === source) throw new Error(`${path} loads its packages in another way now`);
      return { contents };
    });
  },
};

await build({
  entryPoints: {
    main: 'dist/server/main.js',
    // Started as the applications' user for what touches the bytes of instances.
    transfer: 'dist/server/features/transfers/worker/main.js',
    // For tools beside AiKore, which have to load the same version of the library as it does.
    sqlite: 'dist/server/core/database/sqlite.js',
  },
  outdir: 'dist/aikore',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Nest, TypeORM and the OpenAPI document go by the names of classes.
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  plugins: [oneValidator],
  external: [...KEPT_OUTSIDE, ...NOT_INSTALLED],
  banner: { js: COMMONJS_NAMES },
  logLevel: 'warning',
});
