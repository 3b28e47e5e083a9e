import type { Run } from '../../../../../src/contracts/instance.js';
import { formatAge } from '../../../base/format.js';
import { formatMoment } from '../times/moment.js';

/** `run 12 (now)`, `run 11`. */
export function runName(run: number, latestRun: number, isActive: boolean): string {
  return `run ${String(run)}${run === latestRun && isActive ? ' (now)' : ''}`;
}

/** When it began, how long it took and how it ended: `14:03:09 · 3 h 12 min · exit code 1`. */
export function runStory(run: Run | null, isActive: boolean, nowMs: number): string {
  if (!run) return 'Nothing more is known of it';
  const startMs = Date.parse(run.started_at);
  const endMs = run.ended_at === null ? nowMs : Date.parse(run.ended_at);
  const end = run.ended_at === null && isActive ? 'still running' : run.reason.replace(/\.$/, '');
  return [formatMoment(startMs, nowMs), formatAge(endMs - startMs), end].join(' · ');
}
