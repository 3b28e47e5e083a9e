import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { checkbox } from '../../ui/field.js';
import { diskHint, installedSize } from './disk-hint.js';
import { NameField } from './name-field.js';
import { RestGuard } from './rest-guard.js';
import { TaskForm } from './task-form.js';
import type { TransferHost } from './transfer-host.js';
import '../../ui/late-styles.js';

/** Asks for a name and what comes along, and has an instance cloned. */
export function openCloneDialog(host: TransferHost, instance: Instance): void {
  const name = new NameField(host, 'Name of the clone', instance.name);
  const environment = checkbox(
    `With its environment${installedSize(host, instance.base_blueprint)}`,
    true,
    'clone-environment',
    'What is installed comes along, and the clone starts at once. Files that the disk can share take no space of their own. Without it, the first start installs everything.',
  );
  const outputs = checkbox(
    'With its outputs',
    false,
    'clone-outputs',
    'What it made so far is copied. Without them, the clone begins with an empty output folder.',
  );
  const guard = new RestGuard(host, instance, (reason) => form.block(reason));
  const form = new TaskForm({
    title: `Clone ${instance.name}`,
    testId: 'clone-dialog',
    submitLabel: 'Clone',
    name,
    hint: diskHint(host),
    content: [
      guard.element,
      ...satelliteNote(host, instance),
      name.field.root,
      h('div', { class: 'choices' }, environment.root, outputs.root),
      h(
        'p',
        { class: 'dialog-note' },
        'It gets the settings of the original, ports of its own and no hostname, and does not start by itself. Models are shared by all instances as ever.',
      ),
    ],
    send: async () => {
      await host.transferApi.clone(instance.id, {
        new_name: name.value,
        environment: environment.control.checked,
        outputs: outputs.control.checked,
      });
      host.notices.add({
        level: 'success',
        message: `Cloning ${instance.name} as ${name.value}.`,
        action: { label: 'Show progress', run: () => host.openTasks() },
      });
    },
  });
  form.resources.add(guard);
  guard.look();
}

function satelliteNote(
  { instances }: TransferHost,
  { name, parent_instance_id: id }: Instance,
): HTMLElement[] {
  if (id === null) return [];
  const parent = instances.get(id)?.name ?? 'its parent';
  return [
    h(
      'p',
      null,
      `${name} is a satellite. Its clone is an instance of its own: with a copy of the files of ${parent}, and with the settings of ${name}.`,
    ),
  ];
}
