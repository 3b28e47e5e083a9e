import { h } from '../../base/dom.js';
import { button } from '../../ui/button.js';

/** Where files are dropped or chosen. Whatever is dropped beside it inside the dialog counts as well. */
export class DropPlace {
  private readonly chooser = h('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    accept: '.gz,application/gzip',
    'data-testid': 'archive-file',
    onchange: () => this.chosen(),
  });
  readonly element = h(
    'div',
    { class: 'drop-place', 'data-testid': 'drop-place' },
    button({
      label: 'Upload an archive…',
      icon: 'upload',
      testId: 'archive-upload',
      onClick: () => this.chooser.click(),
    }),
    h('span', null, 'or drop one here'),
    this.chooser,
  );

  constructor(private readonly take: (files: readonly File[]) => void) {}

  /** Lets files be dropped anywhere in an element: who misses by an inch must not lose the page to the file. */
  accept(place: HTMLElement): void {
    place.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.element.classList.add('is-over');
    });
    place.addEventListener('dragleave', (event) => {
      const { relatedTarget: to } = event;
      if (!(to instanceof Node && place.contains(to))) this.element.classList.remove('is-over');
    });
    place.addEventListener('drop', (event) => {
      this.element.classList.remove('is-over');
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.take([...(event.dataTransfer?.files ?? [])]);
    });
  }

  private chosen(): void {
    this.take([...(this.chooser.files ?? [])]);
    // The same file can be chosen again.
    this.chooser.value = '';
  }
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
