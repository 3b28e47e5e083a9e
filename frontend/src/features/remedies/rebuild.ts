import type { Instance } from '../../../../src/contracts/instance.js';
import { isActive } from '../../domain/status.js';
import { confirmDialog } from '../../ui/dialog.js';
import type { RemedyHost } from './remedy-host.js';

/** Asks, and has the environment built anew at a start that follows at once unless the instance rests. @throws ApiError */
export async function rebuild(
  { api, notices }: Pick<RemedyHost, 'api' | 'notices'>,
  instance: Instance,
): Promise<void> {
  const isResting = instance.status === 'stopped';
  const isConfirmed = await confirmDialog({
    title: `Rebuild the environment of ${instance.name}?`,
    testId: 'confirm-rebuild',
    paragraphs: [
      'Its installed packages are deleted and installed again, which can take many minutes. Models, outputs and settings stay.',
      isResting
        ? 'This happens at its next start.'
        : isActive(instance.status)
          ? 'It is stopped and started again for that.'
          : 'It is started for that.',
    ],
    confirmLabel: 'Rebuild',
  });
  if (!isConfirmed) return;
  await api.rebuild(instance.id);
  notices.success(
    isResting
      ? `The environment of ${instance.name} is rebuilt at its next start.`
      : `Rebuilding the environment of ${instance.name}.`,
  );
}
