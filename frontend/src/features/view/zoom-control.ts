import { h, setAttribute, setText } from '../../base/dom.js';
import { LEAST_ZOOM, MOST_ZOOM, USUAL_ZOOM, stepZoom } from '../../domain/zoom.js';
import { button, setDisabledReason } from '../../ui/button.js';

/** Smaller, the figure, larger. A double click on the figure, or Enter, is the usual size again. */
export class ZoomControl {
  private percent = USUAL_ZOOM;
  private readonly smaller = button({
    label: 'Smaller',
    icon: 'minus',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'view-zoom-out',
    onClick: () => this.choose(stepZoom(this.percent, -1)),
  });
  private readonly larger = button({
    label: 'Larger',
    icon: 'plus',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'view-zoom-in',
    onClick: () => this.choose(stepZoom(this.percent, 1)),
  });
  private readonly figure = h(
    'button',
    {
      type: 'button',
      class: 'button is-quiet view-zoom-figure',
      'data-testid': 'view-zoom',
      'data-tip': 'Double click: usual size',
      ondblclick: () => this.choose(USUAL_ZOOM),
      // Without a pointer there is no double click.
      onclick: (event) => event.detail === 0 && this.choose(USUAL_ZOOM),
    },
    h('span', null),
  );
  readonly element = h(
    'div',
    { class: 'view-zoom', role: 'group', 'aria-label': 'Zoom' },
    this.smaller,
    this.figure,
    this.larger,
  );

  constructor(private readonly onChange: (percent: number) => void) {}

  show(percent: number): void {
    this.percent = percent;
    const text = this.figure.firstElementChild;
    if (text) setText(text, `${String(percent)} %`);
    setAttribute(this.figure, 'aria-label', `Zoom ${String(percent)} %; back to the usual size`);
    setDisabledReason(this.smaller, percent <= LEAST_ZOOM ? 'It cannot be smaller.' : null, 'Smaller');
    setDisabledReason(this.larger, percent >= MOST_ZOOM ? 'It cannot be larger.' : null, 'Larger');
  }

  private choose(percent: number): void {
    if (percent === this.percent) return;
    this.show(percent);
    this.onChange(percent);
  }
}
