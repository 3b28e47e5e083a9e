import { describe, it } from '@jest/globals';
import { desktopContract } from '../fixtures/desktop/suite.js';
import { findDisplayServers } from '../../src/host/xserver/display-servers.js';
import { hasDesktopTools } from '../support/desktop.js';
import { useLab } from '../support/lab.js';

const installed = hasDesktopTools ? await findDisplayServers(process.env['PATH'] ?? '/usr/bin') : [];
const lab = useLab();

/** Each X server that this machine has; KasmVNC is in no distribution. */
for (const { name } of installed) desktopContract(name, lab);

// Counted as skipped: a run on a machine that has none must not look whole.
if (installed.length === 0)
  describe('a desktop', () => it.skip('needs an X server with VNC', () => undefined));
