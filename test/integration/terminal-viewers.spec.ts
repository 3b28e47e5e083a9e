import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { TerminalClient } from '../support/terminal-client.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const POSITION = '\x1b[7;3R';
const COLOUR = '\x1b]11;rgb:1a1a/1a1a/2e2e\x1b\\';

let aikore: AiKoreProcess;
let id: number;

beforeAll(async () => {
  writeFileSync(join(lab.root, '.bashrc'), "PS1='prompt> '\n");
  aikore = await lab.start({ HOME: lab.root });
  id = (await aikore.api.create({ name: 'place', base_blueprint: 'idles.sh' })).id;
});

describe('the screens of several viewers', () => {
  it('answer a program once: the one that acted last', async () => {
    const first = await TerminalClient.openShell(aikore, { id });
    const second = await TerminalClient.open(aikore, { id, session: first.id });
    const third = await TerminalClient.open(aikore, { id, session: first.id });
    const all = [first, second, third];
    /** What the program reads of what comes until an `E`; its mark is not in the echo of the line. */
    const ask = async (asker: TerminalClient, answer: string): Promise<string> => {
      for (const viewer of all) viewer.clear();
      asker.type(`read -rs -d E -p "as""ked" x; printf 'heard:%q:\\n' "$x"\r`);
      for (const viewer of all) if (viewer.closeCode === null) await viewer.shows('asked');
      for (const viewer of all) if (viewer.closeCode === null) viewer.type(answer);
      // The one who asked ends it: what it types comes behind every answer that was sent before.
      await Promise.all(all.filter(({ closeCode }) => closeCode === null).map(pingPong));
      asker.type('E');
      await asker.shows(/heard:(.*):\r\n/);
      return /heard:(.*):\r\n/.exec(asker.text)?.[1] ?? '';
    };
    expect(await ask(first, POSITION)).toBe(String.raw`$'\E[7;3R'`);
    expect(await ask(second, POSITION)).toBe(String.raw`$'\E[7;3R'`);
    expect(await ask(third, COLOUR)).toBe(String.raw`$'\E]11;rgb:1a1a/1a1a/2e2e\E\\'`);
    // When it goes, whoever acted before it answers.
    third.close();
    await waitFor('two are left', () => third.closeCode !== null);
    expect(await ask(second, POSITION)).toBe(String.raw`$'\E[7;3R'`);
  });
});

/** Resolves when the server has read all that the viewer sent. */
function pingPong({ socket }: TerminalClient): Promise<void> {
  return new Promise((resolve) => {
    socket.once('pong', () => resolve());
    socket.ping();
  });
}
