import { join, resolve } from 'node:path';

/** Where things lie. */
export const BENCH = resolve(import.meta.dirname, '..');
export const ROOT = resolve(BENCH, '..');
export const RESULTS = join(BENCH, 'results');
export const REFERENCE = join(BENCH, 'reference');
export const BLUEPRINTS = join(BENCH, 'blueprints');
export const SERVER = join(ROOT, 'dist', 'aikore', 'main.js');
export const DASHBOARD = join(ROOT, 'dist', 'public');
