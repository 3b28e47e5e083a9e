import type { Instance } from '../../../../src/contracts/instance.js';
import { familyOf, joinNames } from '../../domain/family.js';
import { isActive } from '../../domain/status.js';
import { EnvironmentApi } from '../../net/environment-api.js';
import { environmentsOf } from '../../state/environments.js';
import type { InstanceStore } from '../../state/instances.js';
import { confirmDialog } from '../../ui/dialog.js';
import { checkbox } from '../../ui/field.js';
import type { RemedyHost } from './remedy-host.js';

type RebuildHost = Pick<RemedyHost, 'api' | 'notices'> & { instances?: Pick<InstanceStore, 'values'> };

/** Asks, and has the environment built anew at a start that follows at once unless the instance rests. @throws ApiError */
export async function rebuild(host: RebuildHost, instance: Instance): Promise<void> {
  const { api, notices } = host;
  const isResting = instance.status === 'stopped';
  const clean = checkbox(
    'Clean: also drop caches',
    false,
    'rebuild-clean',
    'Everything is downloaded anew. Takes longer, and helps where a download was broken.',
  );
  const isConfirmed = await confirmDialog({
    title: `Rebuild the environment of ${instance.name}?`,
    testId: 'confirm-rebuild',
    paragraphs: [
      'Its installed packages are deleted and installed again, which can take many minutes. Models, outputs and settings stay.',
      ...familyNote(host, instance),
      isResting
        ? 'This happens at its next start.'
        : isActive(instance.status)
          ? 'It is stopped and started again for that.'
          : 'It is started for that.',
    ],
    content: [clean.root],
    confirmLabel: 'Rebuild',
  });
  if (!isConfirmed) return;
  await new EnvironmentApi(api).rebuild(instance.id, clean.control.checked ? { clean: true } : {});
  notices.success(
    isResting
      ? `The environment of ${instance.name} is rebuilt at its next start.`
      : `Rebuilding the environment of ${instance.name}.`,
  );
  // Who looks at it sees that it is due.
  const environments = environmentsOf(api);
  if (environments.environment(instance.id)) await environments.load(instance.id);
}

function familyNote({ instances }: RebuildHost, instance: Instance): string[] {
  const others = familyOf(instance, instances?.values() ?? []).filter(({ id }) => id !== instance.id);
  if (others.length === 0) return [];
  return [
    `${joinNames(others.map(({ name }) => name))} ${others.length === 1 ? 'uses' : 'use'} the same environment.`,
  ];
}
