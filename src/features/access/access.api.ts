/** What other features may use of this one: how AiKore answers in an application's place. */
export type { AccessCaller, Gate, HostPolicy, LiveSockets } from './access.ports.js';
export type { Answer } from './answer.js';
export { errorAnswer, jsonAnswer, sendAnswer, sendRawAnswer } from './answer.js';
export { ownFileAnswer } from './assets/own-files.js';
export type { Entry } from './domain/entry.js';
export { frameAncestors } from './domain/frame-policy.js';
export { plainLines } from './domain/log-lines.js';
export { requestProblem } from './domain/request-check.js';
export { OWN_FOLDER } from './domain/route.js';
export { foreignOrigin, malformed, notFound, notSignedIn, ofTheGate, unknownHost } from './refusals.js';
export type { RequestView } from './request-view.js';
export { viewOf } from './request-view.js';
export { MAX_HEADER_BYTES } from './upstream.js';
