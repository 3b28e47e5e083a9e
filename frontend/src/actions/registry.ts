import type { Instance } from '../../../src/contracts/instance.js';
import type { Action } from './action.js';

/** All actions there are, in the order of menus. Filled by the composition root. */
export class ActionRegistry {
  private readonly globals = new Map<string, Action>();
  private readonly ofInstance = new Map<string, Action<Instance>>();

  addGlobal(...actions: Action[]): void {
    for (const action of actions) addOnce(this.globals, action);
  }

  addForInstance(...actions: Action<Instance>[]): void {
    for (const action of actions) addOnce(this.ofInstance, action);
  }

  globalActions(): Action[] {
    return [...this.globals.values()];
  }

  instanceActions(): Action<Instance>[] {
    return [...this.ofInstance.values()];
  }

  /** @throws Error for an id that nobody registered: a mistake of the program. */
  forInstance(id: string): Action<Instance> {
    const action = this.ofInstance.get(id);
    if (!action) throw new Error(`unknown action ${id}`);
    return action;
  }

  /** @throws Error for an id that nobody registered: a mistake of the program. */
  global(id: string): Action {
    const action = this.globals.get(id);
    if (!action) throw new Error(`unknown action ${id}`);
    return action;
  }
}

function addOnce<T>(actions: Map<string, Action<T>>, action: Action<T>): void {
  if (actions.has(action.id)) throw new Error(`action ${action.id} is registered twice`);
  actions.set(action.id, action);
}
