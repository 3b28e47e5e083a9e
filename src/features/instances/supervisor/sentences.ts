import { AppError } from '../../../core/errors.js';
import type { LifecycleEffect, LifecycleStatus } from '../domain/lifecycle.js';
import { RESTART_BUDGET, RESTART_WINDOW_MS } from '../domain/restart-policy.js';
import type { InstanceEntity } from '../instance.entity.js';

/** What a status says of itself when nothing more is known. */
export function reasonFor(
  status: LifecycleStatus,
  effects: readonly LifecycleEffect[],
  graceMs: number,
): string {
  switch (status) {
    case 'starting':
      return 'It is being started.';
    case 'started':
      return 'It is ready.';
    case 'stalled':
      return 'It makes no progress.';
    case 'stopping':
      return effects.includes('killTree')
        ? 'Everything of it is being ended at once.'
        : `It was asked to end; what is left after ${graceMs / 1000} s is ended by force.`;
    case 'stopped':
      return 'Stopped.';
    case 'error':
      return 'It failed.';
  }
}

/** What `error` says besides its reason when the budget of automatic restarts is spent. */
export const GAVE_UP = `It was restarted ${RESTART_BUDGET} times within ${RESTART_WINDOW_MS / 60_000} minutes and is left alone now. See what is wrong, then start it.`;

/** What everybody is told when an instance is restarted by itself. */
export function restarting({ name }: InstanceEntity, reason: string): string {
  return `${name} ended and is started again. ${reason}`.trim();
}

/** The answer to a command that does not fit. */
export function refusal(row: InstanceEntity, reason: 'active' | 'stopped' | 'busy'): AppError {
  switch (reason) {
    case 'active':
      return new AppError(
        'conflict',
        'INSTANCE_ACTIVE',
        `${row.name} is already running (${row.status}). Stop or restart it.`,
      );
    case 'stopped':
      return new AppError('conflict', 'INSTANCE_STOPPED', `${row.name} is not running.`);
    case 'busy':
      return new AppError(
        'conflict',
        'INSTANCE_BUSY',
        `${row.name} is being stopped. Wait until it has, or kill it.`,
      );
  }
}

/** The answer to what can only be done while nothing runs. @param deed such as "renaming" */
export function stillActive(row: InstanceEntity, deed: string): AppError {
  return new AppError(
    'conflict',
    'INSTANCE_ACTIVE',
    `${row.name} is running (${row.status}). Stop it before ${deed} it.`,
  );
}

/** The answer to whoever asks for an instance that is not there. */
export function noSuchInstance(id: number): AppError {
  return new AppError('not_found', 'INSTANCE_NOT_FOUND', `There is no instance ${id}.`);
}

/** The answer to what would disturb those who read its folder. */
export function heldStill(row: InstanceEntity): AppError {
  return new AppError(
    'conflict',
    'INSTANCE_BUSY',
    `The files of ${row.name} are being copied. Wait until that is done, or cancel it.`,
  );
}

/** The answer to who wants a name that an instance gets which is being made. */
export function nameReserved(name: string, field = 'name'): AppError {
  return new AppError(
    'conflict',
    'INSTANCE_NAME_TAKEN',
    `An instance named ${name} is being made just now.`,
    {
      [field]: 'An instance of that name is being made just now.',
    },
  );
}
