/** What is named by an id, so that the log has the name that it had. */
export interface AuditNames {
  instance(id: number): string | null;
  token(id: number): string | null;
  /** Address of the browser of a session. */
  session(id: number): string | null;
}

/** What is known of a request when its body has been read, and before anything was done. */
export interface AuditedRequest {
  params: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, unknown>>;
  body: Readonly<Record<string, unknown>>;
}

interface Description {
  action: string | ((request: AuditedRequest) => string);
  target?: (request: AuditedRequest, names: AuditNames) => string | null;
  /** Only told when it was done: before, a body may hold anything. */
  detail?: (request: AuditedRequest) => string | null;
}

const INSTANCE_PATTERN = /^\/api\/instances\/:id(?:\/(.+))?$/;
const COMMANDS = new Set(['start', 'stop', 'restart', 'kill']);

const idOf = ({ params }: AuditedRequest): number => Number(params['id'] ?? Number.NaN);
const fromBody =
  (field: string) =>
  ({ body }: AuditedRequest): string | null =>
    textOrNull(body[field]);
const fromPath =
  (name: string) =>
  ({ params }: AuditedRequest): string | null =>
    params[name] ?? null;
/** Names of fields only: their values may be secrets. */
const changedFields = ({ body }: AuditedRequest): string | null =>
  Object.keys(body).length === 0 ? null : Object.keys(body).join(', ');

/** The words for what routes do. A route that is not here is told of by its method and pattern. */
const DESCRIPTIONS: Readonly<Record<string, Description>> = {
  'POST /api/auth/login': { action: 'session.sign-in' },
  'GET /signin-link/:token': { action: 'session.sign-in-by-link' },
  'POST /api/auth/logout': { action: 'session.sign-out' },
  'PUT /api/auth/password': { action: 'password.change' },
  'DELETE /api/auth/sessions': { action: 'session.end-others' },
  'DELETE /api/auth/sessions/:id': {
    action: 'session.end',
    target: (request, names) => names.session(idOf(request)),
  },
  'POST /api/auth/tickets': { action: 'session.ticket', target: fromBody('origin') },
  'POST /api/auth/tokens': {
    action: 'token.create',
    target: fromBody('name'),
    detail: ({ body }) => (Array.isArray(body['scopes']) ? body['scopes'].join(', ') : null),
  },
  'DELETE /api/auth/tokens/:id': {
    action: 'token.delete',
    target: (request, names) => names.token(idOf(request)),
  },
  'POST /api/instances': { action: 'instance.create', target: fromBody('name') },
  'PUT /api/instances/order': { action: 'instances.order' },
  'PUT /api/instances/:id': { action: 'instance.change', detail: changedFields },
  'PATCH /api/instances/:id': { action: 'instance.change', detail: changedFields },
  'DELETE /api/instances/:id': {
    action: 'instance.delete',
    detail: ({ query, body }) => textOrNull(query['mode'] ?? body['mode']) ?? 'trash',
  },
  'POST /api/instances/:id/:command': {
    action: ({ params }) =>
      `instance.${COMMANDS.has(params['command'] ?? '') ? params['command'] : 'command'}`,
  },
  'POST /api/instances/:id/instantiate': { action: 'instance.instantiate', detail: fromBody('new_name') },
  'POST /api/instances/:id/rebuild': {
    action: 'instance.rebuild',
    detail: ({ body }) => (body['clean'] === true ? 'clean' : null),
  },
  'POST /api/instances/:id/update': {
    action: 'instance.update',
    detail: ({ body }) => namesOf(body['variables']),
  },
  'DELETE /api/instances/:id/terminals/:session': { action: 'terminal.close' },
  'DELETE /api/system/terminals/:session': { action: 'terminal.close-machine' },
  'POST /api/instances/:id/copy': { action: 'instance.copy', detail: fromBody('new_name') },
  'DELETE /api/operations/:id': { action: 'operation.cancel', target: fromPath('id') },
  'PUT /api/archives/:file': { action: 'archive.upload', target: fromPath('file') },
  'GET /api/archives/:file': { action: 'archive.download', target: fromPath('file') },
  'DELETE /api/archives/:file': { action: 'archive.delete', target: fromPath('file') },
  'POST /api/archives/:file/import': {
    action: 'archive.import',
    target: fromPath('file'),
    detail: fromBody('new_name'),
  },
  'POST /api/trash/:name/restore': { action: 'trash.restore', target: fromPath('name') },
  'DELETE /api/trash/:name': { action: 'trash.delete', target: fromPath('name') },
  'DELETE /api/trash': { action: 'trash.empty' },
  'POST /api/system/blueprints/custom': { action: 'blueprint.create', target: fromBody('filename') },
  'POST /api/system/blueprints/custom/:filename/rename': {
    action: 'blueprint.rename',
    target: fromPath('filename'),
    detail: fromBody('filename'),
  },
  'PUT /api/system/blueprints/custom/:filename': { action: 'blueprint.change', target: fromPath('filename') },
  'DELETE /api/system/blueprints/custom/:filename': {
    action: 'blueprint.delete',
    target: fromPath('filename'),
  },
};

/** What the log says of a request, taken before it is carried out: afterwards what it names may be gone. */
export interface AuditSubject {
  action: string;
  target: string | null;
  instanceId: number | null;
  /** What to add when it was done. */
  detail: string | null;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** They only look at what they are given. */
export const CHANGES_NOTHING: ReadonlySet<string> = new Set(['POST /api/scripts/check']);

/** Whether a route's calls are taken down: everything that changes something. */
export function isAudited(method: string, pattern: string): boolean {
  const key = `${method} ${pattern}`;
  return (!SAFE_METHODS.has(method) && !CHANGES_NOTHING.has(key)) || key in DESCRIPTIONS;
}

export function describeRequest(
  method: string,
  pattern: string,
  request: AuditedRequest,
  names: AuditNames,
): AuditSubject {
  const description = DESCRIPTIONS[`${method} ${pattern}`] ?? { action: actionOfPattern(method, pattern) };
  const { action, target, detail } = description;
  const isOfInstance = INSTANCE_PATTERN.test(pattern);
  const id = idOf(request);
  return {
    action: typeof action === 'string' ? action : action(request),
    target: target?.(request, names) ?? (isOfInstance ? names.instance(id) : null),
    instanceId: isOfInstance && Number.isSafeInteger(id) ? id : null,
    detail: detail?.(request) ?? null,
  };
}

/** `PUT /api/instances/:id/script` is `instance.script`. */
function actionOfPattern(method: string, pattern: string): string {
  const rest = INSTANCE_PATTERN.exec(pattern)?.[1];
  if (rest === undefined || rest.includes(':')) return `${method} ${pattern}`;
  return `instance.${rest.replaceAll('/', '.')}`;
}

/** Names only: whoever lists them may put a secret into a value. */
function namesOf(value: unknown): string | null {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return names.length === 0 ? null : names.join(', ');
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
