import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Scope } from '../../src/contracts/auth.js';

export interface RegisteredRoute {
  method: string;
  /** The router's own pattern. */
  url: string;
}

export interface RouterAndMatrix {
  routes: RegisteredRoute[];
  matrix: Record<string, 'public' | Scope>;
}

/** The whole router and the access matrix, asked of the built server before tests are listed. */
export function readRoutes(dataDir: string): RouterAndMatrix {
  const script = resolve(import.meta.dirname, 'list-routes.mjs');
  const env = { PATH: process.env['PATH'], AIKORE_DATA_DIR: dataDir };
  return JSON.parse(execFileSync(process.execPath, [script], { env, encoding: 'utf8' })) as RouterAndMatrix;
}
