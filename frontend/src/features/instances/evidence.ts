import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import { describeExit } from '../../domain/status.js';
import { button } from '../../ui/button.js';

export interface EvidenceHost {
  showLog(): void;
  start(): void;
  restart(): void;
  /** Whether a remedy makes sense on this machine. */
  canMend(remedy: Remedy): boolean;
  mend(remedy: Remedy): void;
}

/** What is known of a failure: how it ended, its last lines, and what can be done. */
export function evidencePanel(instance: Instance, host: EvidenceHost): HTMLElement {
  const panel = h('div', { class: 'evidence', 'data-testid': 'evidence' });
  replaceChildren(
    panel,
    h('p', { class: 'evidence-head' }, h('strong', null, instance.status_reason), exitNote(instance)),
    instance.failure === null
      ? null
      : h('p', { class: 'evidence-failure', 'data-testid': 'failure' }, instance.failure.message),
    instance.evidence.length > 0
      ? h('pre', { class: 'evidence-lines', tabindex: 0 }, instance.evidence.join('\n'))
      : null,
    warningList(instance),
    h(
      'div',
      { class: 'evidence-actions' },
      ...remedyButtons(instance, host),
      button({ label: 'Show log', icon: 'log', onClick: () => host.showLog() }),
      againButton(instance, host),
    ),
  );
  return panel;
}

function remedyButtons(instance: Instance, host: EvidenceHost): HTMLElement[] {
  const remedies = (instance.failure?.remedies ?? []).filter((remedy) => host.canMend(remedy));
  return remedies.map((remedy, index) =>
    button({
      label: remedy.label,
      kind: index === 0 ? 'primary' : 'plain',
      testId: `remedy-${remedy.action}`,
      onClick: () => host.mend(remedy),
    }),
  );
}

function againButton({ status }: Instance, host: EvidenceHost): HTMLElement | null {
  if (status === 'error') return button({ label: 'Start again', icon: 'play', onClick: () => host.start() });
  return status === 'stalled'
    ? button({ label: 'Restart', icon: 'restart', testId: 'evidence-restart', onClick: () => host.restart() })
    : null;
}

/** Whether there is more to say than the row has room for. */
export function hasEvidence(instance: Instance): boolean {
  return instance.status === 'error' || instance.status === 'stalled' || instance.evidence.length > 0;
}

function exitNote(instance: Instance): string {
  const exit = describeExit(instance);
  if (exit === null) return '';
  const run = `run ${String(instance.run)}`;
  return instance.status_reason.includes(exit) ? ` (${run})` : ` (${run} ended with ${exit})`;
}

function warningList(instance: Instance): HTMLElement | null {
  if (instance.warnings.length === 0) return null;
  return h(
    'ul',
    { class: 'evidence-warnings' },
    ...instance.warnings.map((warning) => h('li', null, warning)),
  );
}
