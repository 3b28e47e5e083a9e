import type { Deletion } from '../../../../src/contracts/trash.js';
import { h } from '../../base/dom.js';
import { deletionProgress } from '../../domain/deletion.js';
import { ProgressBar } from '../../ui/progress.js';

/** What is being deleted, each with how far it is. Lines keep their elements while they last. */
export class DeletionList {
  private readonly bars = new Map<string, { line: HTMLElement; bar: ProgressBar }>();
  readonly element = h('ul', {
    class: 'deletions',
    'aria-label': 'Being deleted',
    'data-testid': 'deletions',
  });

  show(deletions: readonly Deletion[]): void {
    const wanted = new Set(deletions.map(({ id }) => id));
    for (const [id, { line }] of this.bars) {
      if (wanted.has(id)) continue;
      line.remove();
      this.bars.delete(id);
    }
    for (const deletion of deletions) this.put(deletion);
    this.element.hidden = deletions.length === 0;
  }

  private put(deletion: Deletion): void {
    const progress = deletionProgress(deletion);
    const present = this.bars.get(deletion.id);
    if (present) {
      present.bar.update(progress);
      return;
    }
    const bar = new ProgressBar(progress, 'deletion-progress');
    const line = h(
      'li',
      { class: 'deletion', 'data-testid': 'deletion', 'data-phase': deletion.phase },
      h('strong', { class: 'is-user-text' }, deletion.name),
      bar.element,
    );
    this.bars.set(deletion.id, { line, bar });
    this.element.append(line);
  }
}
