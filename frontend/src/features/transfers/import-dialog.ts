import type { Archive, ArchiveContents } from '../../../../src/contracts/operation.js';
import { h } from '../../base/dom.js';
import { formatBytes, formatExact, plural } from '../../base/format.js';
import { blueprintLabel } from '../../domain/blueprint.js';
import { joinNames } from '../../domain/family.js';
import { icon } from '../../ui/icon.js';
import { diskHint } from './disk-hint.js';
import { NameField } from './name-field.js';
import { TaskForm } from './task-form.js';
import type { TransferHost } from './transfer-host.js';

const MOST_NAMED = 12;

/** Asks for a name, says what will be made, and has an archive unpacked. */
export function openImportDialog(host: TransferHost, { file }: Archive, contents: ArchiveContents): void {
  const name = new NameField(host, 'Name of the instance', contents.instance_name);
  new TaskForm({
    title: 'Import from an archive',
    testId: 'import-dialog',
    submitLabel: 'Import',
    name,
    hint: diskHint(host),
    content: [
      facts(file, contents),
      name.field.root,
      ...roomNote(host, contents),
      ...secretsNote(contents),
      h(
        'p',
        { class: 'dialog-note' },
        'It does not start by itself. It brings a script that runs on this machine once you start it: import only what you trust, and read the script first.',
      ),
    ],
    send: async () => {
      await host.transferApi.importArchive(file, name.value);
      host.notices.add({
        level: 'success',
        message: `Importing ${name.value}.`,
        action: { label: 'Show progress', run: () => host.openTasks() },
      });
    },
  });
}

function facts(file: string, contents: ArchiveContents): HTMLElement {
  const rows: [string, string][] = [
    ['Archive', file],
    ['Instance', contents.instance_name],
    ['Blueprint', blueprintLabel(contents.base_blueprint)],
    ['Unpacked', `${formatBytes(contents.total_bytes)}, ${plural(contents.file_count, 'file')}`],
    ['Environment', contents.has_environment ? 'in it' : 'installed at the first start'],
    ['Exported', `${formatExact(contents.exported_at)}, by AiKore ${contents.made_by}`],
  ];
  return h(
    'div',
    { class: 'facts' },
    h(
      'dl',
      null,
      ...rows.flatMap(([term, value]) => [h('dt', null, term), h('dd', { class: 'is-user-text' }, value)]),
    ),
  );
}

function roomNote({ system }: TransferHost, { total_bytes: bytes }: ArchiveContents): HTMLElement[] {
  const free = system.stats.value?.disk_free_bytes;
  if (free === undefined || bytes < free) return [];
  return [note(`It needs ${formatBytes(bytes)}, and ${formatBytes(free)} are free. Make room first.`)];
}

function secretsNote({ withheld }: ArchiveContents): HTMLElement[] {
  if (withheld.length === 0) return [];
  const rest = withheld.length - MOST_NAMED;
  const named = [...withheld.slice(0, MOST_NAMED), ...(rest > 0 ? [`${String(rest)} more`] : [])];
  return [note(`Its secrets were left out. Set them before its first start: ${joinNames(named)}.`)];
}

function note(sentence: string): HTMLElement {
  return h(
    'p',
    { class: 'task-outcome is-user-text', 'data-meaning': 'attention', 'data-testid': 'import-note' },
    icon('warning'),
    h('span', null, sentence),
  );
}
