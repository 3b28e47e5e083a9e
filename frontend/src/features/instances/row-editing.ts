import { withChanges } from '../../domain/pending.js';
import { nameProblem, takenNames } from '../../domain/name-rule.js';
import type { SettingKey, SettingValue } from '../../domain/settings.js';
import { isActive } from '../../domain/status.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import type { PendingChanges } from '../../state/pending-changes.js';
import type { SystemStore } from '../../state/system.js';
import { openCellEditor } from './cell-editor.js';
import { openGpuPopover } from './gpu-popover.js';
import type { Row } from './row.js';

export interface RowEditingParts {
  store: InstanceStore;
  system: SystemStore;
  pending: PendingChanges;
  notices: NoticeStore;
}

/** Changing settings in their row. What is changed waits until it is saved. */
export class RowEditing {
  constructor(private readonly parts: RowEditingParts) {}

  edit(row: Row, key: SettingKey): void {
    if (key === 'name') this.editName(row);
    else if (key === 'port') this.editPort(row);
    else if (key === 'gpu_ids') this.editGpus(row);
    else if (key === 'autostart') this.toggleAutostart(row);
  }

  private editName(row: Row): void {
    const { instance } = row;
    if (isActive(instance.status)) {
      const message = `Stop ${instance.name} to rename it: its folder is renamed with it.`;
      this.parts.notices.add({ level: 'info', message });
      return;
    }
    const taken = takenNames(this.parts.store.names(instance.id));
    openCellEditor({
      cell: row.fieldOf('name'),
      label: `Name of ${instance.name}`,
      value: this.shown(row).name,
      testId: 'edit-name',
      // A name that came from elsewhere and breaks the rule may stay.
      check: (name) => (name === instance.name ? null : nameProblem(name, taken)),
      commit: (name) => this.propose(instance.id, 'name', name),
      done: (isByKey) => isByKey && row.element.focus(),
    });
  }

  private editPort(row: Row): void {
    const { id } = row.instance;
    openCellEditor({
      cell: row.fieldOf('port'),
      label: `Port of ${row.instance.name}`,
      value: String(this.shown(row).port),
      isNumeric: true,
      testId: 'edit-port',
      check: portProblem,
      commit: (port) => this.propose(id, 'port', Number(port)),
      done: (isByKey) => isByKey && row.element.focus(),
    });
  }

  private editGpus(row: Row): void {
    const { id } = row.instance;
    openGpuPopover({
      anchor: row.fieldOf('gpu_ids'),
      label: `GPUs of ${row.instance.name}`,
      gpus: this.parts.system.gpus,
      value: this.shown(row).gpu_ids,
      change: (value) => this.propose(id, 'gpu_ids', value),
      done: () => row.element.focus(),
    });
  }

  private toggleAutostart(row: Row): void {
    this.propose(row.instance.id, 'autostart', !this.shown(row).autostart);
  }

  private propose(id: number, key: SettingKey, value: SettingValue): void {
    const instance = this.parts.store.get(id);
    if (instance) this.parts.pending.propose(instance, key, value);
  }

  private shown(row: Row): Row['instance'] {
    return withChanges(row.instance, this.parts.pending.of(row.instance.id));
  }
}

function portProblem(text: string): string | null {
  const port = Number(text);
  return /^\d+$/.test(text) && port >= 1 && port <= 65535 ? null : 'A port is a number from 1 to 65535.';
}
