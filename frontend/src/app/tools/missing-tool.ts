import { h } from '../../base/dom.js';
import { PartMissing } from '../../net/load-part.js';
import { partSentence } from '../../state/report-error.js';
import { button } from '../../ui/button.js';

/** Says in the place of a tool why it is not there, with what helps. */
export function missingTool(error: unknown, retry: () => void): HTMLElement {
  const reason = error instanceof PartMissing ? error.reason : 'broken';
  const isReplaced = reason === 'replaced';
  return h(
    'div',
    { class: 'tool-missing', 'data-testid': 'tool-missing' },
    h('p', null, partSentence(reason)),
    button({
      label: isReplaced ? 'Reload the page' : 'Try again',
      kind: 'primary',
      testId: isReplaced ? 'tool-missing-reload' : 'tool-missing-retry',
      onClick: () => {
        if (isReplaced) location.reload();
        else retry();
      },
    }),
  );
}
