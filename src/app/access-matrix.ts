import { AUDIT_ACCESS } from '../core/audit/audit.access.js';
import { AUTH_ACCESS } from '../core/auth/auth.access.js';
import type { Requirement } from '../core/auth/gate.js';

/**
 * What every route of the dashboard's origin asks of its caller, by the pattern that the router matched, so that no
 * spelling of a path can go round it. What is not here is answered to nobody, and a test compares this with the router.
 */
export const ACCESS_MATRIX: Readonly<Record<string, Requirement>> = {
  ...AUTH_ACCESS,
  ...AUDIT_ACCESS,
  'GET /': 'public',
  'GET /favicon.svg': 'public',
  'GET /assets/*': 'public',
  'GET /ticket': 'public',
  'GET /ticket/:file': 'public',
  'GET /api/status': 'public',
  'GET /api/instances': 'read',
  'POST /api/instances': 'edit',
  'PUT /api/instances/order': 'edit',
  'GET /api/instances/:id': 'read',
  'PUT /api/instances/:id': 'edit',
  'PATCH /api/instances/:id': 'edit',
  'DELETE /api/instances/:id': 'admin',
  'POST /api/instances/:id/:command': 'operate',
  'GET /api/instances/:id/runs': 'read',
  'GET /api/instances/:id/logs': 'read',
  'GET /api/instances/:id/logs/download': 'read',
  'GET /api/instances/:id/logs/runs': 'read',
  'GET /api/instances/:id/logs/search': 'read',
  'GET /api/instances/:id/logs/times': 'read',
  'GET /api/instances/:id/script': 'read',
  'PUT /api/instances/:id/script': 'edit',
  'GET /api/instances/:id/script/blueprint': 'read',
  'POST /api/instances/:id/script/restore': 'edit',
  'GET /api/instances/:id/script/history': 'read',
  'GET /api/instances/:id/script/history/:version': 'read',
  'GET /api/instances/:id/file': 'read',
  'PUT /api/instances/:id/file': 'edit',
  'POST /api/scripts/check': 'edit',
  'POST /api/instances/:id/version-check': 'operate',
  'GET /api/instances/:id/terminals': 'terminal',
  'DELETE /api/instances/:id/terminals/:session': 'terminal',
  'GET /api/system/terminals': 'admin',
  'DELETE /api/system/terminals/:session': 'admin',
  'GET /api/trash': 'read',
  'GET /api/trash/:name/size': 'read',
  'POST /api/trash/:name/restore': 'edit',
  'DELETE /api/trash': 'admin',
  'DELETE /api/trash/:name': 'admin',
  'GET /api/system/info': 'read',
  'GET /api/system/stats': 'read',
  'GET /api/system/stats/history': 'read',
  'GET /metrics': 'read',
  'GET /api/system/available-ports': 'read',
  'GET /api/system/ports': 'read',
  'GET /api/system/blueprints': 'read',
  'POST /api/system/blueprints/custom': 'edit',
  'GET /api/system/blueprints/custom/:filename': 'read',
  'PUT /api/system/blueprints/custom/:filename': 'edit',
  'POST /api/system/blueprints/custom/:filename/rename': 'edit',
  'GET /api/system/blueprints/stock/:filename': 'read',
  'DELETE /api/system/blueprints/custom/:filename': 'admin',
  'GET /api/openapi.json': 'read',
  'GET /api/docs': 'read',
  'GET /api/docs/': 'read',
  'GET /api/docs/*': 'read',
  // The swagger module registers these one by one beside its folder of files.
  'GET /api/docs/LICENSE': 'read',
  'GET /api/docs/index.html': 'read',
  'GET /api/docs/swagger-ui-init.js': 'read',
  'GET /api/docs/docs/*': 'read',
  'GET /api/docs/docs/swagger-ui-init.js': 'read',
  'GET /instance/*': 'read',
};

/** The requirement of a matched route; null when nobody may have it. HEAD asks for what GET does. */
export function requirementOf(method: string, pattern: string): Requirement | null {
  const asked = method === 'HEAD' ? 'GET' : method;
  return ACCESS_MATRIX[`${asked} ${pattern}`] ?? null;
}
