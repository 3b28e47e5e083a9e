import type { Archive } from '../../../../src/contracts/operation.js';
import { h } from '../../base/dom.js';
import { ageMs, formatAge, formatBytes, formatExact, plural } from '../../base/format.js';
import { blueprintLabel } from '../../domain/blueprint.js';
import { archivePath } from '../../net/transfer-api.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';

export interface ArchiveLineHost {
  importIt(archive: Archive): void;
  remove(archive: Archive): void;
}

/** A line of the archives: what is inside, and what can be done with it. */
export function archiveLine(host: ArchiveLineHost, archive: Archive): HTMLElement {
  const { file, contents, problem } = archive;
  const title = contents?.instance_name ?? file;
  return h(
    'li',
    { class: 'archive', 'data-testid': 'archive', 'data-file': file },
    h(
      'div',
      { class: 'archive-text' },
      h('strong', { class: 'is-user-text' }, title),
      h('small', { class: 'is-user-text', 'data-tip': formatExact(archive.created_at) }, describe(archive)),
      contents === null ? null : h('small', { class: 'archive-file is-user-text is-mono' }, file),
      problem === null
        ? null
        : h(
            'p',
            {
              class: 'task-outcome is-user-text',
              'data-meaning': 'attention',
              'data-testid': 'archive-problem',
            },
            icon('warning'),
            h('span', null, problem),
          ),
    ),
    h(
      'div',
      { class: 'archive-buttons' },
      contents === null
        ? null
        : button({
            label: 'Import…',
            testId: 'archive-import',
            attributes: { 'aria-label': `Import ${file}` },
            onClick: () => host.importIt(archive),
          }),
      h(
        'a',
        {
          class: 'button is-quiet is-icon',
          href: archivePath(file),
          download: file,
          'aria-label': `Download ${file}`,
          'data-tip': 'Download',
          'data-testid': 'archive-download',
        },
        icon('download'),
      ),
      button({
        label: `Delete ${file}`,
        icon: 'trash',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'archive-delete',
        attributes: { 'data-tip': 'Delete…' },
        onClick: () => host.remove(archive),
      }),
    ),
  );
}

function describe({ contents, size_bytes: bytes, created_at: createdAt }: Archive): string {
  const age = ageMs(contents?.exported_at ?? createdAt, Date.now());
  return [
    contents === null ? null : blueprintLabel(contents.base_blueprint),
    formatBytes(bytes),
    contents === null ? null : whatIsInside(contents),
    age === null ? null : `${formatAge(age).split(' ').slice(0, 2).join(' ')} old`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** `with environment and outputs`, and what was left out. */
function whatIsInside({
  has_environment: hasEnvironment,
  has_outputs: hasOutputs,
  withheld,
}: NonNullable<Archive['contents']>): string {
  const parts = [hasEnvironment ? 'environment' : null, hasOutputs ? 'outputs' : null].filter(
    (part) => part !== null,
  );
  const inside = parts.length === 0 ? 'without environment' : `with ${parts.join(' and ')}`;
  return withheld.length === 0 ? inside : `${inside}, without ${plural(withheld.length, 'secret')}`;
}
