import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { joinNames } from '../../domain/family.js';
import { secretNames } from '../../domain/secret-names.js';
import { checkbox } from '../../ui/field.js';
import { diskHint, installedSize } from './disk-hint.js';
import { RestGuard } from './rest-guard.js';
import { TaskForm } from './task-form.js';
import type { TransferHost } from './transfer-host.js';
import '../../ui/late-styles.js';

/** Asks what goes along, and has an instance packed into one file. */
export function openExportDialog(host: TransferHost, instance: Instance): void {
  const environment = checkbox(
    `With its environment${installedSize(host, instance.base_blueprint)}`,
    false,
    'export-environment',
    'Large, and made for this machine: it may not run on another one. Without it, the first start there installs everything.',
  );
  const outputs = checkbox('With its outputs', false, 'export-outputs', 'What it made so far.');
  const secrets = checkbox('With its secrets', false, 'export-secrets', secretsHint(instance));
  const guard = new RestGuard(host, instance, (reason) => form.block(reason));
  const form = new TaskForm({
    title: `Export ${instance.name}`,
    testId: 'export-dialog',
    submitLabel: 'Export',
    hint: diskHint(host),
    content: [
      guard.element,
      h(
        'p',
        null,
        'Packs its script, settings and files into one archive, from which this or another AiKore makes the instance again. Models stay behind.',
      ),
      h('div', { class: 'choices' }, environment.root, outputs.root, secrets.root),
      h('p', { class: 'dialog-note' }, 'The archive lies under “Archives” and can be downloaded from there.'),
    ],
    send: async () => {
      await host.transferApi.exportInstance(instance.id, {
        environment: environment.control.checked,
        outputs: outputs.control.checked,
        secrets: secrets.control.checked,
      });
      host.notices.add({
        level: 'success',
        message: `Exporting ${instance.name}.`,
        action: { label: 'Show progress', run: () => host.openTasks() },
      });
    },
  });
  form.resources.add(guard);
  guard.look();
}

function secretsHint({ env }: Instance): string {
  const names = secretNames(Object.keys(env));
  const which = names.length === 0 ? 'Variables that look like tokens or passwords' : joinNames(names);
  return `${which}. Whoever has the archive can read them. Without them, they are named in it and set again after the import.`;
}
