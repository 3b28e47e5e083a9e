/** What actions are called, before the name of what they were done to; others are shown as they are written. */
const WORDS: Readonly<Record<string, string>> = {
  'session.sign-in': 'Signed in',
  'session.sign-in-by-link': 'Signed in by one-time link',
  'session.sign-out': 'Signed out',
  'session.end': 'Signed a browser out',
  'session.ticket': 'Asked for a sign-in at',
  'session.sign-in-by-ticket': 'Signed in at',
  'session.end-others': 'Signed all other browsers out',
  'password.change': 'Set the password',
  'token.create': 'Created a token',
  'token.delete': 'Revoked a token',
  'instance.create': 'Created',
  'instance.change': 'Changed',
  'instance.delete': 'Deleted',
  'instance.start': 'Started',
  'instance.stop': 'Stopped',
  'instance.restart': 'Restarted',
  'instance.kill': 'Killed',
  'instance.rebuild': 'Rebuilt the environment of',
  'instance.script': 'Saved the script of',
  'instance.copy': 'Copied',
  'instance.instantiate': 'Made a satellite of',
  'instance.version-check': 'Checked the versions of',
  'instances.order': 'Ordered the rows',
  'desktop.open': 'Opened a desktop',
  'terminal.open': 'Opened a terminal',
  'terminal.open-machine': 'Opened a terminal of the machine',
  'terminal.join': 'Joined a terminal',
  'terminal.join-machine': 'Joined a terminal of the machine',
  'terminal.close': 'Closed a terminal',
  'terminal.close-machine': 'Closed a terminal of the machine',
  'trash.restore': 'Restored from the trash',
  'trash.delete': 'Deleted for ever',
  'trash.empty': 'Emptied the trash',
  'blueprint.create': 'Created a blueprint',
  'blueprint.change': 'Changed a blueprint',
  'blueprint.rename': 'Renamed a blueprint',
  'blueprint.delete': 'Deleted a blueprint',
  'server.start': 'AiKore started',
  'server.stop': 'AiKore stopped',
};

const KINDS: Readonly<Record<string, string>> = {
  session: 'Sign-in',
  password: 'Password',
  token: 'Tokens',
  instance: 'Instances',
  instances: 'Order of rows',
  terminal: 'Terminals',
  trash: 'Trash',
  blueprint: 'Blueprints',
  server: 'AiKore itself',
};

export function actionWords(action: string): string {
  return WORDS[action] ?? action;
}

/** What an action is called where no name follows. */
export function actionTitle(action: string): string {
  return actionWords(action).replace(/ of$/, '');
}

/** Choices of the filter: each kind as a whole, then its actions. */
export function actionChoices(
  actions: readonly string[],
): { kind: string; label: string; actions: string[] }[] {
  const byKind = new Map<string, string[]>();
  for (const action of actions) {
    const kind = action.split('.')[0] ?? action;
    byKind.set(kind, [...(byKind.get(kind) ?? []), action]);
  }
  return [...byKind].map(([kind, members]) => ({ kind, label: KINDS[kind] ?? kind, actions: members }));
}
