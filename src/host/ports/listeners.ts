import { processEyes } from '../processes/current-eyes.js';
import { listeningPorts } from './port-holder.js';

/**
 * Ports on which processes listen that were started with all of these variables, in ascending order. Reads the
 * environment of every process: for messages, not for loops.
 * @param assignments such as `WEBUI_PORT=21000`
 * @throws Error when nobody could look
 */
export async function portsOfProcessesWith(assignments: readonly string[]): Promise<number[]> {
  const eyes = processEyes();
  const descriptors = await eyes.descriptorsOf(await eyes.startedWith(assignments));
  const sockets = new Set(descriptors.map(({ target }) => target));
  const found = [...listeningPorts()].filter(([, inode]) => sockets.has(`socket:[${inode}]`));
  return found.map(([port]) => port).sort((a, b) => a - b);
}
