/** Codes of errors by status. */
export type Refusals = Readonly<Partial<Record<number, readonly string[]>>>;

const SCRIPT: Refusals = { 404: ['SCRIPT_NOT_FOUND'], 409: ['SCRIPT_UNUSABLE'], 413: ['SCRIPT_TOO_LARGE'] };
const SCRIPT_SAVE: Refusals = {
  403: ['SATELLITE_SCRIPT'],
  409: ['SCRIPT_UNUSABLE', 'SCRIPT_HISTORY_BLOCKED'],
  412: ['SCRIPT_CHANGED'],
  413: ['SCRIPT_TOO_LARGE'],
  507: ['DISK_FULL'],
};
const PORTS = ['PORT_TAKEN', 'PORT_IN_USE'];
const SETTINGS: Refusals = {
  409: [
    'INSTANCE_NAME_TAKEN',
    'FOLDER_EXISTS',
    'INSTANCE_ACTIVE',
    'INSTANCE_BUSY',
    'SHARED_FILES_IN_USE',
    ...PORTS,
  ],
  412: ['INSTANCE_CHANGED'],
  503: ['NO_FREE_PORT'],
  507: ['DISK_FULL'],
};
const COPIED = ['INSTANCE_ACTIVE', 'INSTANCE_BUSY', 'SHARED_FILES_IN_USE'];
const ARRIVING = ['INSTANCE_NAME_TAKEN', 'FOLDER_EXISTS'];
const OPERATION: Refusals = { 429: ['TOO_MANY_OPERATIONS'], 507: ['DISK_FULL'] };
const LOG: Refusals = { 404: ['RUN_NOT_FOUND'], 422: ['VALIDATION_FAILED'] };
const TERMINAL: Refusals = { 404: ['TERMINAL_NOT_FOUND'] };
const PASSWORD: Refusals = { 401: ['WRONG_PASSWORD'], 429: ['TOO_MANY_ATTEMPTS'] };

/** How a route may refuse beside what follows from its shape; a test keeps its routes and codes to those there are. */
export const ROUTE_ERRORS: Readonly<Record<string, Refusals>> = {
  'POST /api/auth/login': { ...PASSWORD, 401: ['WRONG_PASSWORD', 'NO_PASSWORD_SET'] },
  'PUT /api/auth/password': { ...PASSWORD, 409: ['PASSWORD_FROM_ENVIRONMENT'] },
  'POST /api/auth/tickets': { 403: ['SESSION_NEEDED'] },
  'POST /api/auth/tokens': { 409: ['TOKEN_NAME_TAKEN', 'TOO_MANY_TOKENS'] },
  'GET /api/audit': { 422: ['VALIDATION_FAILED'] },
  'POST /api/instances': {
    409: ['INSTANCE_NAME_TAKEN', 'FOLDER_EXISTS', ...PORTS],
    503: ['NO_FREE_PORT'],
    507: ['DISK_FULL'],
  },
  'PUT /api/instances/order': { 507: ['DISK_FULL'] },
  'PATCH /api/instances/:id': SETTINGS,
  'PUT /api/instances/:id': SETTINGS,
  'DELETE /api/instances/:id': {
    409: ['INSTANCE_ACTIVE', 'INSTANCE_BUSY', 'INSTANCE_HAS_SATELLITES', 'TRASH_NAME_TAKEN'],
    422: ['VALIDATION_FAILED'],
    507: ['DISK_FULL'],
  },
  'POST /api/instances/:id/:command': {
    404: ['NO_SUCH_ROUTE'],
    409: ['INSTANCE_ACTIVE', 'INSTANCE_BUSY', 'INSTANCE_STOPPED'],
    507: ['DISK_FULL'],
  },
  'POST /api/instances/:id/instantiate': {
    409: ['INSTANCE_NAME_TAKEN', 'FOLDER_EXISTS', 'INSTANCE_BUSY'],
    503: ['NO_FREE_PORT'],
    507: ['DISK_FULL'],
  },
  'POST /api/instances/:id/rebuild': {
    409: ['INSTANCE_ACTIVE', 'INSTANCE_BUSY', 'REBUILD_BLOCKED', 'SHARED_FILES_IN_USE'],
    422: ['NO_ENVIRONMENT'],
    507: ['DISK_FULL'],
  },
  'POST /api/instances/:id/copy': { ...OPERATION, 409: [...COPIED, ...ARRIVING] },
  'POST /api/instances/:id/export': { ...OPERATION, 409: COPIED },
  'DELETE /api/operations/:id': { 404: ['OPERATION_NOT_FOUND'], 409: ['OPERATION_ENDING'] },
  'GET /api/archives/:file': { 404: ['ARCHIVE_NOT_FOUND'] },
  'PUT /api/archives/:file': {
    400: ['UPLOAD_CUT_OFF'],
    409: ['ARCHIVE_EXISTS'],
    415: ['NOT_AN_ARCHIVE'],
    422: ['ARCHIVE_NAME', 'BAD_ARCHIVE'],
    507: ['DISK_FULL'],
  },
  'DELETE /api/archives/:file': { 404: ['ARCHIVE_NOT_FOUND'], 409: ['ARCHIVE_IN_USE'] },
  'POST /api/archives/:file/import': {
    ...OPERATION,
    404: ['ARCHIVE_NOT_FOUND'],
    409: ARRIVING,
    422: ['BAD_ARCHIVE'],
  },
  'GET /api/instances/:id/logs': LOG,
  'GET /api/instances/:id/logs/times': LOG,
  'GET /api/instances/:id/logs/search': { ...LOG, 429: ['SEARCH_BUSY'] },
  'GET /api/instances/:id/logs/download': { ...LOG, 404: ['NO_LOG', 'RUN_NOT_FOUND'] },
  'GET /api/instances/:id/script': SCRIPT,
  'PUT /api/instances/:id/script': { ...SCRIPT_SAVE, 428: ['IF_MATCH_MISSING'] },
  'GET /api/instances/:id/script/metadata': SCRIPT,
  'GET /api/instances/:id/script/blueprint': { ...SCRIPT, 404: ['BLUEPRINT_NOT_FOUND'] },
  'POST /api/instances/:id/script/restore': { ...SCRIPT_SAVE, 404: ['BLUEPRINT_NOT_FOUND'] },
  'GET /api/instances/:id/script/history/:version': { 404: ['SCRIPT_VERSION_NOT_FOUND'] },
  'GET /api/instances/:id/file': { ...SCRIPT, 400: ['UNKNOWN_FILE_TYPE'] },
  'PUT /api/instances/:id/file': { ...SCRIPT_SAVE, 400: ['UNKNOWN_FILE_TYPE'] },
  'POST /api/scripts/check': { 413: ['SCRIPT_TOO_LARGE'], 429: ['TOO_MANY_CHECKS'] },
  'POST /api/instances/:id/version-check': {
    409: ['VERSION_CHECK_RUNNING'],
    503: ['VERSION_CHECK_ENDED'],
    504: ['VERSION_CHECK_TIMED_OUT'],
  },
  'POST /api/instances/:id/update-check': {
    409: ['UPDATE_CHECK_RUNNING'],
    503: ['UPDATE_CHECK_ENDED'],
  },
  'POST /api/instances/:id/update': {
    409: ['INSTANCE_ACTIVE', 'INSTANCE_BUSY', 'REBUILD_BLOCKED', 'SHARED_FILES_IN_USE'],
    422: ['NO_UPDATES', 'VALIDATION_FAILED'],
    507: ['DISK_FULL'],
  },
  'DELETE /api/instances/:id/terminals/:session': TERMINAL,
  'DELETE /api/system/terminals/:session': TERMINAL,
  'GET /api/trash/:name/size': { 404: ['TRASH_ENTRY_NOT_FOUND'], 503: ['SIZE_UNKNOWN'] },
  'POST /api/trash/:name/restore': {
    404: ['TRASH_ENTRY_NOT_FOUND'],
    409: ['INSTANCE_NAME_TAKEN', 'PARENT_NOT_FOUND', 'TRASH_ENTRY_UNUSABLE'],
    503: ['NO_FREE_PORT'],
    507: ['DISK_FULL'],
  },
  'DELETE /api/trash/:name': { 404: ['TRASH_ENTRY_NOT_FOUND'] },
  'GET /api/system/stats/history': { 422: ['VALIDATION_FAILED'] },
  'POST /api/system/blueprints/custom': {
    409: ['BLUEPRINT_EXISTS'],
    413: ['BLUEPRINT_TOO_LARGE'],
    507: ['DISK_FULL'],
  },
  'GET /api/system/blueprints/custom/:filename': { 404: ['BLUEPRINT_NOT_FOUND'] },
  'GET /api/system/blueprints/stock/:filename': { 404: ['BLUEPRINT_NOT_FOUND'] },
  'PUT /api/system/blueprints/custom/:filename': {
    404: ['BLUEPRINT_NOT_FOUND'],
    412: ['BLUEPRINT_CHANGED'],
    413: ['BLUEPRINT_TOO_LARGE'],
    507: ['DISK_FULL'],
  },
  'POST /api/system/blueprints/custom/:filename/rename': {
    404: ['BLUEPRINT_NOT_FOUND'],
    409: ['BLUEPRINT_EXISTS'],
    507: ['DISK_FULL'],
  },
  'DELETE /api/system/blueprints/custom/:filename': { 404: ['BLUEPRINT_NOT_FOUND'] },
};
