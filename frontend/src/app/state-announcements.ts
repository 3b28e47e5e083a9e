import type { Instance, InstanceStatus } from '../../../src/contracts/instance.js';
import type { Disposable } from '../base/lifecycle.js';
import type { InstanceStore } from '../state/instances.js';
import type { Announcer } from '../ui/announcer.js';

/** Tells screen readers when an instance comes into another state; what the first snapshot says is no change. */
export function announceStates(
  instances: Pick<InstanceStore, 'on' | 'values'>,
  announcer: Pick<Announcer, 'announce'>,
): Disposable {
  const known = new Map<number, InstanceStatus>();
  const remember = () => {
    known.clear();
    for (const { id, status } of instances.values()) known.set(id, status);
  };
  return instances.on((change) => {
    if (change.kind === 'reset') remember();
    else if (change.kind === 'removed') known.delete(change.id);
    else {
      const { instance } = change;
      const before = known.get(instance.id);
      known.set(instance.id, instance.status);
      if (before === undefined || before === instance.status) return;
      // A run of days that ended may not wait until everything else has been said.
      announcer.announce(sentenceOf(instance), instance.status === 'error' ? 'assertive' : 'polite');
    }
  });
}

/** `Comfy main: started`; of a failure also the reason. */
function sentenceOf({ name, status, status_reason: reason }: Instance): string {
  const isTrouble = status === 'error' || status === 'stalled';
  return isTrouble && reason !== '' ? `${name}: ${status}. ${reason}` : `${name}: ${status}`;
}
