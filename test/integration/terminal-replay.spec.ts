import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../src/host/files/find-program.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { screenOf } from '../support/screen.js';
import type { Screen } from '../support/screen.js';
import { TerminalClient } from '../support/terminal-client.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  writeFileSync(join(lab.root, '.bashrc'), "PS1='prompt> '\n");
  const text = Array.from({ length: 500 }, (_, line) => `line ${line} ${'äöü→'.repeat(line % 20)}`);
  writeFileSync(join(lab.root, 'text'), `${text.join('\n')}\n`);
  aikore = await lab.start({ HOME: lab.root });
});

const has = (program: string): boolean =>
  findProgram(process.env['PATH'] ?? ['/usr/bin', '/bin'].join(delimiter), program) !== null;

/** Whole output of a terminal whose client forgets nothing. */
async function openWatched(size: { cols: number; rows: number } = { cols: 80, rows: 24 }) {
  const terminal = await TerminalClient.open(aikore, size);
  await terminal.shows('prompt> ');
  return terminal;
}

/** Waits until nothing was sent for a while. */
async function settled(terminal: TerminalClient): Promise<void> {
  let bytes = -1;
  await waitFor('the output rests', async () => {
    const before = bytes;
    bytes = terminal.bytes;
    await sleep(400);
    return before === terminal.bytes;
  });
}

/** What a viewer sees who comes now. */
async function seenAnew(terminal: TerminalClient, size = { cols: 80, rows: 24 }): Promise<Screen> {
  const viewer = await TerminalClient.open(aikore, { session: terminal.id, ...size });
  await waitFor('the replay', () => viewer.bytes >= viewer.last('session').replay_bytes);
  await settled(viewer);
  const screen = await screenOf(viewer.output, size.cols, size.rows);
  viewer.close();
  return screen;
}

describe('a viewer who comes later', () => {
  it('sees what the others see: colours, cursor, half a line', async () => {
    const terminal = await openWatched();
    terminal.type(`cat ~/text; printf '\\e[1;31mred\\e[0m \\e[3;5Hhere'; printf 'no end of line'\r`);
    await terminal.shows(/no end of line\S*prompt> $/);
    await settled(terminal);
    expect(await seenAnew(terminal)).toEqual(await screenOf(terminal.output));
    terminal.type('exit\r');
    await terminal.ended();
  });

  it('sees the end of what was too long to be kept, in the modes that were set before', async () => {
    const terminal = await openWatched();
    terminal.type(`printf '\\e[?1h\\e[?1002h\\e[?1006h\\e(0lqk\\e(B'; seq 1 500000; tail -3 ~/text\r`);
    await terminal.shows(/line 499 [^\r]*\r\n.*prompt> $/s, 60_000);
    await settled(terminal);
    const expected = await screenOf(terminal.output);
    expect(expected.modes).toMatchObject({ isApplicationCursor: true, mouse: 'drag' });
    const viewer = await TerminalClient.open(aikore, { session: terminal.id });
    // 10,000 lines of 200 bytes are what there is of it.
    expect(viewer.last('session').replay_bytes).toBeGreaterThan(2_000_000);
    expect(viewer.last('session').replay_bytes).toBeLessThan(2_200_000);
    viewer.close();
    expect(await seenAnew(terminal)).toEqual(expected);
    terminal.type('exit\r');
    await terminal.ended();
  });

  it.each([
    ...(has('less') ? [['a pager', 'less ~/text', 'text', 'q']] : []),
    ...(has('vi') ? [['an editor', 'vi ~/text', 'line 3', '\x1b:q!\r']] : []),
    [
      'a program on the alternate screen',
      `printf '\\e[?1049h\\e[2J\\e[5;5Hmenu'; read -r x; printf '\\e[?1049l'`,
      'menu',
      '\r',
    ],
  ])(
    'sees %s whole, and what was there before when it is left',
    async (_ = '', command = '', shown = '', leave = '') => {
      const terminal = await openWatched();
      terminal.type(`echo before\r`);
      await terminal.shows(/before\r\n.*prompt> $/s);
      terminal.type(`${command}\r`);
      await terminal.shows('\x1b[?1049h');
      await terminal.shows(shown);
      await settled(terminal);
      const anew = await seenAnew(terminal);
      expect(anew.isAlternate).toBe(true);
      // The programs have drawn anew for the viewer who came, and told the first one as well.
      await settled(terminal);
      expect(anew.lines).toEqual((await screenOf(terminal.output)).lines);
      terminal.type(leave);
      await terminal.shows(/\x1b\[\?1049l.*prompt> $/s);
      await settled(terminal);
      expect(await seenAnew(terminal)).toEqual(await screenOf(terminal.output));
      terminal.type('exit\r');
      await terminal.ended();
    },
  );

  (has('vi') ? it : it.skip)('sees an editor whose drawing was pushed out by much other output', async () => {
    const terminal = await openWatched();
    terminal.type('vi ~/text\r');
    await terminal.shows('line 3');
    // Redraws of the editor alone fill what is kept.
    for (let round = 0; round < 8; round += 1) {
      terminal.type(`:!seq 1 60000\r`);
      await terminal.shows(/60000\r\n/, 30_000);
      await settled(terminal);
      terminal.type('\r');
      await settled(terminal);
      terminal.clear();
    }
    terminal.type('\x0c');
    await settled(terminal);
    const anew = await seenAnew(terminal);
    expect(anew.isAlternate).toBe(true);
    expect(anew.lines[0]).toBe('line 0');
    expect(anew.lines[2]).toBe('line 2 äöü→äöü→');
    terminal.type('\x1b:q!\r');
    await settled(terminal);
    terminal.type('exit\r');
    await terminal.ended();
  });

  it('is at the right size in no time', async () => {
    const terminal = await openWatched({ cols: 120, rows: 40 });
    terminal.type('seq 1 400000\r');
    await terminal.shows(/400000\r\n/, 30_000);
    terminal.close();
    const beganMs = performance.now();
    const viewer = await TerminalClient.open(aikore, { session: terminal.id, cols: 100, rows: 20 });
    await waitFor('the replay', () => viewer.bytes >= viewer.last('session').replay_bytes);
    // P7 of the bench has the figure; here only that nobody waits.
    expect(performance.now() - beganMs).toBeLessThan(15_000);
    expect(await viewer.run('stty size')).toBe('20 100\n');
    viewer.type('exit\r');
    await viewer.ended();
  });
});
