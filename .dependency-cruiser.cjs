/** The import rules of ARCHITECTURE.md: downwards only, features through one api file each, no cycles. */
const ring = (from, to, comment) => ({
  name: `${from}-not-to-${to.replace(/[^a-z]+/g, '-')}`,
  comment,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: `^src/(${to})/` },
});

/** Rooms of the dashboard, the lowest first; `ui` and `state` stand side by side. */
const ROOMS = [['base'], ['domain'], ['net'], ['state', 'ui'], ['actions'], ['features'], ['app']];
const dashboardRings = ROOMS.flatMap((level, height) =>
  level.map((room) => {
    const above = [...level.filter((other) => other !== room), ...ROOMS.slice(height + 1).flat()];
    return {
      name: `dashboard-${room}-looks-down-only`,
      severity: 'error',
      from: { path: `^frontend/src/${room}/` },
      to: { path: `^frontend/src/(${above.join('|') || '-'})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...dashboardRings,
    {
      name: 'dashboard-features-apart',
      comment: 'what two features of the dashboard share lies below them; the app joins them',
      severity: 'error',
      from: { path: '^frontend/src/features/([^/]+)/' },
      to: { path: '^frontend/src/features/', pathNot: '^frontend/src/features/$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['\\.spec\\.ts$', '^src/main\\.ts$', '^src/contracts/'] },
      to: {},
    },
    ring('contracts', 'core|host|features|app', 'contracts imports nothing'),
    {
      name: 'contracts-no-packages',
      severity: 'error',
      from: { path: '^src/contracts/' },
      to: { dependencyTypes: ['npm', 'core'] },
    },
    ring('core', 'host|features|app', 'core stands below the machine and the features'),
    ring('host', 'features|app', 'host adapts the machine and knows no instance'),
    ring('features', 'app', 'nobody imports the composition root'),
    {
      name: 'features-through-their-api',
      comment: 'one feature reaches another through <feature>.api.ts only',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: ['^src/features/$1/', '^src/features/([^/]+)/\\1\\.api\\.ts$'] },
    },
    {
      name: 'blueprints-below-all-features',
      severity: 'error',
      from: { path: '^src/features/blueprints/' },
      to: { path: '^src/features/(instances|logs|terminals|access|system|desktops)/' },
    },
    {
      name: 'instances-below-their-users',
      severity: 'error',
      from: { path: '^src/features/instances/' },
      to: { path: '^src/features/(logs|terminals|access|system|scripts|versions|desktops|transfers)/' },
    },
    {
      name: 'leaves-do-not-see-each-other',
      severity: 'error',
      from: { path: '^src/features/(logs|terminals|access|system|scripts|versions|transfers)/' },
      to: {
        path: '^src/features/(logs|terminals|access|system|scripts|versions|transfers)/',
        pathNot: '^src/features/$1/',
      },
    },
    {
      name: 'desktops-above-access-only',
      comment: 'a desktop answers as applications do; nobody below knows of it',
      severity: 'error',
      from: { path: '^src/features/desktops/' },
      to: { path: '^src/features/(logs|terminals|system|scripts|versions)/' },
    },
    {
      name: 'access-below-desktops',
      severity: 'error',
      from: { path: '^src/features/', pathNot: '^src/features/desktops/' },
      to: { path: '^src/features/desktops/' },
    },
    {
      name: 'desktop-page-stands-alone',
      comment: 'the page of a desktop shares the lowest rooms of the dashboard and nothing else',
      severity: 'error',
      from: { path: '^frontend/desktop/' },
      to: { path: '^frontend/src/', pathNot: '^frontend/src/(base/|ui/icon\\.ts$)' },
    },
    {
      name: 'dashboard-without-desktop-page',
      severity: 'error',
      from: { path: '^frontend/src/' },
      to: { path: '^frontend/desktop/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain code knows neither Nest nor Node nor a package',
      severity: 'error',
      from: { path: '/domain/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'domain-imports-domain',
      severity: 'error',
      from: { path: '^src/features/[^/]+/domain/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/contracts/', '/domain/'] },
    },
    {
      name: 'programs-start-as-somebody',
      comment: 'what starts a program decides as whom; scripts/runner/README.md has who runs as whom',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '\\.spec\\.ts$',
          '^src/host/(processes/start-program|runner/spawner-process)\\.ts$',
          // A program of its own, which was started as somebody already.
          '^src/features/transfers/worker/',
        ],
      },
      to: { path: '^(node:)?child_process$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'frontend-knows-contracts-only',
      severity: 'error',
      from: { path: '^frontend/' },
      to: { path: '^src/', pathNot: '^src/contracts/' },
    },
    {
      name: 'frontend-contracts-types-only',
      severity: 'error',
      from: { path: '^frontend/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/contracts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: {},
      to: { path: '(^|/)index\\.ts$', pathNot: 'node_modules' },
    },
    {
      name: 'one-door-to-sqlite',
      comment: 'which version of the library this Node can load is known in one place (ADR 0021)',
      severity: 'error',
      from: { pathNot: '^src/core/database/sqlite\\.ts$' },
      to: { path: '^node_modules/(@types/)?better-sqlite3' },
    },
    {
      name: 'no-dev-packages-in-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
