import type { Instance } from '../../../../src/contracts/instance.js';
import { confirmDialog } from '../../ui/dialog.js';

/** Asks before an instance is ended without a chance to save. */
export function confirmKill(instance: Instance): Promise<boolean> {
  return confirmDialog({
    title: `Kill ${instance.name}?`,
    testId: 'confirm-kill',
    paragraphs: [
      'All its processes end at once, without a chance to save. What they have not written yet is lost.',
      'Stop asks them first and kills them only when they do not listen.',
    ],
    confirmLabel: 'Kill',
  });
}
