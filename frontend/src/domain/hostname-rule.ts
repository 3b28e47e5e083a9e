/** What is known of the other instances' hostnames. */
export interface Neighbour {
  name: string;
  hostname: string | null;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SHAPE = /^(?:https?:\/\/)?([^/:?#@]*)(?::([^/:?#@]*))?(\/.*)?$/i;

/**
 * What is wrong with a custom hostname, as a sentence, or null, while it is being typed. The server has the last word, and
 * knows what is AiKore's own.
 */
export function hostnameProblem(text: string, neighbours: readonly Neighbour[]): string | null {
  const [, name = '', port, path] = SHAPE.exec(text) ?? [];
  const hostname = name.toLowerCase();
  return (
    nameProblem(hostname) ??
    portProblem(port) ??
    (path !== undefined && !/^https?:/i.test(text)
      ? 'A path belongs to a whole address only; write http:// or https:// before it.'
      : null) ??
    ownerProblem(hostname, neighbours)
  );
}

function nameProblem(hostname: string): string | null {
  if (/[^\x00-\x7f]/.test(hostname))
    return 'Write the name in ASCII, with parts that begin with xn-- for other letters.';
  if (hostname.startsWith('*')) return 'A wildcard stands for many names; an instance has one.';
  if (hostname.endsWith('.')) return 'Leave out the dot at the end of the name.';
  if (/(?:^|\.)[0-9]+$/.test(hostname))
    return 'An address is none: AiKore answers at its addresses already. Give a name.';
  if (hostname.length <= 253 && hostname.split('.').every((label) => LABEL.test(label))) return null;
  return 'A hostname is a name such as comfy.home.lan, a name with a port, or the http or https address of a proxy.';
}

function portProblem(port: string | undefined): string | null {
  if (port === undefined || (/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65_535)) return null;
  return 'The port behind the name is a number from 1 to 65535.';
}

function ownerProblem(hostname: string, neighbours: readonly Neighbour[]): string | null {
  const owner = neighbours.find((other) => SHAPE.exec(other.hostname ?? '')?.[1]?.toLowerCase() === hostname);
  return owner === undefined ? null : `It belongs to ${owner.name}.`;
}
