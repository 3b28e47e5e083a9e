import { Initial1700000000001 } from './0001-initial.js';
import { Supervision1700000000002 } from './0002-supervision.js';
import { PublishedPorts1700000000003 } from './0003-published-ports.js';
import { ScriptOrigin1700000000007 } from './0007-script-origin.js';

/** Every migration, oldest first. */
export const migrations = [
  Initial1700000000001,
  Supervision1700000000002,
  PublishedPorts1700000000003,
  ScriptOrigin1700000000007,
];
