import { describe, expect, it } from '@jest/globals';
import type { DesiredState } from '../../../contracts/instance.js';
import { transition } from './lifecycle.js';
import type { LifecycleEvent, LifecycleStatus } from './lifecycle.js';

const S = 'stopped';
const R = 'running';

/**
 * Every pair, written out by hand, so that a change of the table has to be made twice. `→status/desired +effect`;
 * `-` ignored; `!reason` refused. The second line of `stopping` is the one of a restart under way, the second
 * of `error` that of a restart that is due.
 */
const EXPECTED: Record<string, Record<LifecycleEvent, string>> = {
  [`stopped/${S}`]: {
    start: '→starting/running +spawn',
    stop: '!stopped',
    restart: '→starting/running +spawn',
    kill: '!stopped',
    spawnFailed: '-',
    ready: '-',
    stalled: '-',
    revived: '-',
    adopted: '→starting/running',
    ended: '-',
    endedToRestart: '-',
    restartDue: '-',
    restartCancelled: '-',
  },
  [`error/${S}`]: {
    start: '→starting/running +spawn',
    stop: '→stopped/stopped',
    restart: '→starting/running +spawn',
    kill: '!stopped',
    spawnFailed: '-',
    ready: '-',
    stalled: '-',
    revived: '-',
    adopted: '→starting/running',
    ended: '-',
    endedToRestart: '-',
    restartDue: '-',
    restartCancelled: '-',
  },
  [`error/${R}`]: {
    start: '→starting/running +spawn',
    stop: '→stopped/stopped',
    restart: '→starting/running +spawn',
    kill: '→stopped/stopped',
    spawnFailed: '-',
    ready: '-',
    stalled: '-',
    revived: '-',
    adopted: '→starting/running',
    ended: '-',
    endedToRestart: '-',
    restartDue: '→starting/running +spawn',
    restartCancelled: '→error/stopped',
  },
  [`starting/${R}`]: {
    start: '!active',
    stop: '→stopping/stopped +terminate',
    restart: '→stopping/running +terminate',
    kill: '→stopping/stopped +killTree',
    spawnFailed: '→error/stopped',
    ready: '→started/running',
    stalled: '→stalled/running',
    revived: '-',
    adopted: '-',
    ended: '→error/stopped',
    endedToRestart: '→error/running',
    restartDue: '-',
    restartCancelled: '-',
  },
  [`started/${R}`]: {
    start: '!active',
    stop: '→stopping/stopped +terminate',
    restart: '→stopping/running +terminate',
    kill: '→stopping/stopped +killTree',
    spawnFailed: '-',
    ready: '-',
    stalled: '→stalled/running',
    revived: '-',
    adopted: '-',
    ended: '→error/stopped',
    endedToRestart: '→error/running',
    restartDue: '-',
    restartCancelled: '-',
  },
  [`stalled/${R}`]: {
    start: '!active',
    stop: '→stopping/stopped +terminate',
    restart: '→stopping/running +terminate',
    kill: '→stopping/stopped +killTree',
    spawnFailed: '-',
    ready: '→started/running',
    stalled: '-',
    revived: '→starting/running',
    adopted: '-',
    ended: '→error/stopped',
    endedToRestart: '→error/running',
    restartDue: '-',
    restartCancelled: '-',
  },
  [`stopping/${S}`]: {
    start: '!busy',
    stop: '!busy',
    restart: '!busy',
    kill: '→stopping/stopped +killTree',
    spawnFailed: '→stopped/stopped',
    ready: '-',
    stalled: '-',
    revived: '-',
    adopted: '→stopping/stopped +terminate',
    ended: '→stopped/stopped',
    endedToRestart: '→stopped/stopped',
    restartDue: '-',
    restartCancelled: '-',
  },
  [`stopping/${R}`]: {
    start: '!busy',
    stop: '→stopping/stopped',
    restart: '!busy',
    kill: '→stopping/stopped +killTree',
    spawnFailed: '→stopped/stopped',
    ready: '-',
    stalled: '-',
    revived: '-',
    adopted: '→stopping/running +terminate',
    ended: '→starting/running +spawn',
    endedToRestart: '→starting/running +spawn',
    restartDue: '-',
    restartCancelled: '-',
  },
};

function said(status: LifecycleStatus, desired: DesiredState, event: LifecycleEvent): string {
  const result = transition({ status, desired }, event);
  if (result.kind === 'ignore') return '-';
  if (result.kind === 'refuse') return `!${result.reason}`;
  return [`→${result.to.status}/${result.to.desired}`, ...result.effects.map((effect) => `+${effect}`)].join(
    ' ',
  );
}

describe('the lifecycle table', () => {
  for (const [state, row] of Object.entries(EXPECTED)) {
    const [status, desired] = state.split('/') as [LifecycleStatus, DesiredState];
    it.each(Object.entries(row) as [LifecycleEvent, string][])(`${state} on %s: %s`, (event, expected) => {
      expect(said(status, desired, event)).toBe(expected);
    });
  }

  it('never says stopped while a process may live, except through ended or spawnFailed', () => {
    for (const [state, row] of Object.entries(EXPECTED)) {
      for (const [event, expected] of Object.entries(row)) {
        const isActive = !state.startsWith('stopped') && !state.startsWith('error');
        if (isActive && expected.startsWith('→stopped'))
          expect(['ended', 'endedToRestart', 'spawnFailed']).toContain(event);
      }
    }
  });
});
