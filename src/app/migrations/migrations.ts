import { Initial1700000000001 } from './0001-initial.js';
import { Supervision1700000000002 } from './0002-supervision.js';
import { PublishedPorts1700000000003 } from './0003-published-ports.js';
import { Audit1700000000004 } from './0004-audit.js';
import { ScriptOrigin1700000000005 } from './0005-script-origin.js';
import { HostSignIn1700000000006 } from './0006-host-sign-in.js';
import { Environments1700000000007 } from './0007-environments.js';

/** Every migration, oldest first. */
export const migrations = [
  Initial1700000000001,
  Supervision1700000000002,
  PublishedPorts1700000000003,
  Audit1700000000004,
  ScriptOrigin1700000000005,
  HostSignIn1700000000006,
  Environments1700000000007,
];
