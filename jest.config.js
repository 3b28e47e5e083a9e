const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

const project = (name, roots, more = {}) => ({
  displayName: name,
  roots,
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  ...more,
});

export default {
  // Suites start processes and browsers on machines that may be slow and busy; what must be fast says so itself.
  testTimeout: 60_000,
  projects: [
    project('unit', ['<rootDir>/src', '<rootDir>/frontend']),
    project('integration', ['<rootDir>/test/integration']),
    project('browser', ['<rootDir>/test/browser']),
    project('container', ['<rootDir>/test/container'], {
      globalSetup: '<rootDir>/test/support/docker/begin-run.mjs',
      globalTeardown: '<rootDir>/test/support/docker/end-run.mjs',
    }),
  ],
};
