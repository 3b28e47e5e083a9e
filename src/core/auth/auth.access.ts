import { ApiTokensController } from './api-tokens.controller.js';
import { AuthController } from './auth.controller.js';
import type { Requirement } from './gate.js';
import { SessionsController } from './sessions.controller.js';
import { SigninLinkController } from './signin-link.controller.js';
import { TicketsController } from './tickets.controller.js';

export const authControllers = [
  AuthController,
  SessionsController,
  ApiTokensController,
  SigninLinkController,
  TicketsController,
];

/** What the routes of these controllers ask of their caller: `METHOD path` → requirement. HEAD goes as GET does. */
export const AUTH_ACCESS: Readonly<Record<string, Requirement>> = {
  'POST /api/auth/login': 'public',
  'POST /api/auth/logout': 'read',
  'GET /api/auth/session': 'read',
  'PUT /api/auth/password': 'admin',
  'GET /api/auth/sessions': 'admin',
  'DELETE /api/auth/sessions': 'admin',
  'DELETE /api/auth/sessions/:id': 'admin',
  'GET /api/auth/tokens': 'admin',
  'POST /api/auth/tokens': 'admin',
  'DELETE /api/auth/tokens/:id': 'admin',
  'POST /api/auth/tickets': 'operate',
  'GET /signin-link/:token': 'public',
};
