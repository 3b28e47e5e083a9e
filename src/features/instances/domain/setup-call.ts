/** How a script has what it installed remembered by functions.sh. */
export interface SetupCall {
  /** Names of the variables that change what is installed. */
  variables: string[];
}

const CALL = /^[ \t]*aikore_setup[ \t]+[A-Za-z_][\w-]*((?:[ \t]+[A-Za-z_]\w*\??)*)/m;

/** Finds the call of `aikore_setup FUNCTION [VAR…]` in a script; null: it remembers nothing. */
export function readSetupCall(script: string): SetupCall | null {
  const call = CALL.exec(script.replace(/\\\r?\n/g, ' '));
  if (call === null) return null;
  const names = (call[1] ?? '').split(/[ \t]+/).map((name) => name.replace('?', ''));
  return { variables: names.filter((name) => name !== '') };
}
