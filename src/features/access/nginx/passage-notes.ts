import type { NginxFolder } from '../../../host/nginx/nginx-folder.js';
import type { ConnectionEnd } from '../../../host/ports/connections.js';
import { NGINX_FILES } from './domain/names.js';

/** What is written down of a connection that lasts: it may outlive AiKore. No secret is among it. */
export interface PassageNote extends ConnectionEnd {
  workerPid: number;
  /** Whoever opened it, as `Callers` names them. */
  caller: unknown;
}

/** The notes about connections that last, for the AiKore that comes after this one. A line each. */
export class PassageNotes {
  constructor(private readonly folder: NginxFolder) {}

  /** Those of a former AiKore. */
  read(): PassageNote[] {
    const lines = (this.folder.read(NGINX_FILES.passages) ?? '').split('\n');
    return lines.flatMap((line) => noteIn(line) ?? []);
  }

  /** @throws the system's error */
  add(note: PassageNote): void {
    this.folder.append(NGINX_FILES.passages, `${JSON.stringify(note)}\n`);
  }

  /** @throws the system's error */
  replace(notes: readonly PassageNote[]): void {
    this.folder.rewrite(NGINX_FILES.passages, notes.map((note) => `${JSON.stringify(note)}\n`).join(''));
  }
}

/** A line that was cut off by a death is none. */
function noteIn(line: string): PassageNote | null {
  try {
    const { localPort, peerAddress, peerPort, workerPid, caller } = JSON.parse(line) as PassageNote;
    const isSound =
      [localPort, peerPort, workerPid].every(Number.isInteger) && typeof peerAddress === 'string';
    return isSound ? { localPort, peerAddress, peerPort, workerPid, caller } : null;
  } catch {
    return null;
  }
}
