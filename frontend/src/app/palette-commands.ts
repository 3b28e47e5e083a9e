import type { Instance } from '../../../src/contracts/instance.js';
import type { Action } from '../actions/action.js';
import { shortcutLabel } from '../actions/action.js';
import type { ActionRegistry } from '../actions/registry.js';
import type { Command } from '../features/palette/command-palette.js';

export interface PaletteSource {
  registry: ActionRegistry;
  instances: readonly Instance[];
  /** Its commands come first. */
  focused: Instance | null;
  run<T>(action: Action<T>, target: T): void;
  reveal(instance: Instance): void;
}

/** Everything that can be done now: to the focused instance, in general, going to an instance, and to the others. */
export function paletteCommands(source: PaletteSource): Command[] {
  const { focused, instances } = source;
  const others = instances.filter((instance) => instance.id !== focused?.id);
  const globals = source.registry.globalActions().filter(({ id }) => id !== 'palette');
  return [
    ...(focused ? commandsFor(source, focused) : []),
    ...globals
      .filter((action) => action.disabledReason() === null)
      .map((action) => toCommand(action, undefined, '', source)),
    ...instances.map((instance): Command => ({
      label: `Go to ${instance.name}`,
      place: instance.name,
      note: instance.status,
      icon: 'chevron-right',
      run: () => source.reveal(instance),
    })),
    ...others.flatMap((instance) => commandsFor(source, instance)),
  ];
}

function commandsFor(source: PaletteSource, instance: Instance): Command[] {
  return source.registry
    .instanceActions()
    .filter((action) => action.disabledReason(instance) === null)
    .map((action) => toCommand(action, instance, `: ${instance.name}`, source));
}

function toCommand<T>(action: Action<T>, target: T, suffix: string, source: PaletteSource): Command {
  return {
    label: action.label.replace('…', '') + suffix,
    ...(action.icon ? { icon: action.icon } : {}),
    ...(action.shortcut ? { shortcut: shortcutLabel(action.shortcut) } : {}),
    run: () => source.run(action, target),
  };
}
