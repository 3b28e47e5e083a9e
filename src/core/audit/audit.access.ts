import type { Requirement } from '../auth/gate.js';

/** What the audit log's route asks of its caller. */
export const AUDIT_ACCESS: Readonly<Record<string, Requirement>> = { 'GET /api/audit': 'admin' };
