import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { emptiestGpu } from '../../domain/gpu.js';
import { GpuField } from '../../ui/gpu-field.js';
import { NameField } from './name-field.js';
import { TaskForm } from './task-form.js';
import type { TransferHost } from './transfer-host.js';
import '../../ui/late-styles.js';

/** Asks for a name and GPUs, and adds a satellite: a second instance of the same files and environment. */
export function openSatelliteDialog(host: TransferHost, instance: Instance): void {
  const parent = parentOf(host, instance);
  const name = new NameField(host, 'Name of the satellite', parent.name);
  const { gpus } = host.system;
  const emptiest = emptiestGpu(gpus);
  const gpu = new GpuField(gpus, emptiest === null ? parent.gpu_ids : String(emptiest.index));
  const isOfSatellite = parent.id !== instance.id;
  new TaskForm({
    title: `Add a satellite to ${parent.name}`,
    testId: 'satellite-dialog',
    submitLabel: 'Add satellite',
    name,
    content: [
      h(
        'p',
        null,
        isOfSatellite
          ? `${instance.name} is a satellite itself, so this becomes one more of ${parent.name}. `
          : null,
        `It uses the files and the environment of ${parent.name} and takes no space of its own. GPUs, port, outputs and log are its own, and both can run at once.`,
      ),
      name.field.root,
      gpu.field.root,
      h(
        'p',
        { class: 'dialog-note' },
        `The script, updates and rebuilds of ${parent.name} count for its satellites as well.`,
      ),
    ],
    send: async () => {
      const satellite = await host.transferApi.addSatellite(instance.id, {
        new_name: name.value,
        gpu_ids: gpu.value,
      });
      host.notices.add({
        level: 'success',
        message: `${satellite.name} was added as a satellite of ${parent.name}.`,
        action: { label: 'Show', run: () => host.reveal(satellite) },
      });
    },
  });
}

function parentOf({ instances }: TransferHost, instance: Instance): Instance {
  const { parent_instance_id: id } = instance;
  return (id === null ? null : instances.get(id)) ?? instance;
}
