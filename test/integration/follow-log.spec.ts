import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { LogAppended } from '../../src/contracts/events.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { Emitter } from '../support/emitter.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { bytesReadBy, residentBytes } from '../support/processes.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
const FLOOD_BYTES = 100 * 1024 * 1024;
const MIB = 1024 * 1024;
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

const logFile = (name: string) => aikore.home(name, 'output.log');

/** Each piece begins where the one before ended, but for what was skipped. */
function expectSeamless(pieces: readonly LogAppended[]): void {
  for (const [index, piece] of pieces.entries()) {
    const before = pieces[index - 1];
    if (before !== undefined) expect(piece.offset).toBe(before.next_offset + piece.skipped_bytes);
    expect(piece.next_offset - piece.offset).toBe(Buffer.byteLength(piece.content));
  }
}

describe('following a log', () => {
  it('shows text whole whatever its bytes were cut into, to viewers that come at different times', async () => {
    const { id } = await aikore.api.create({ name: 'dripping', base_blueprint: 'drips.sh' });
    const text = 'Grüße, 世界 — 🙂🙃 ÿ€ ߿ࠀ￿\u{10000}\u{10ffff}\r\nprogress 42 %\n'.repeat(12);
    writeFileSync(aikore.home('dripping', 'text'), text);
    await aikore.api.startUp(id);
    const first = await EventsClient.open(aikore);
    first.follow(id);
    await waitFor('it follows', () => first.pieces(id).length === 1);
    writeFileSync(aikore.home('dripping', 'go'), '');
    await waitFor('half of it', () => first.text(id).length > text.length / 2);
    const second = await EventsClient.open(aikore);
    second.follow(id, 0);
    const third = await EventsClient.open(aikore);
    third.follow(id, -40);
    await waitFor('all of it', () => first.text(id) === text && second.text(id) === text, 20_000);
    expect(readFileSync(logFile('dripping'), 'utf8')).toBe(text);
    await waitFor('the end of it', () => third.text(id) !== '' && text.endsWith(third.text(id)));
    expect(third.text(id)).not.toContain('\ufffd');
    for (const viewer of [first, second, third]) {
      expectSeamless(viewer.pieces(id));
      expect(viewer.pieces(id).at(-1)?.next_offset).toBe(Buffer.byteLength(text));
      viewer.end();
    }
    await aikore.api.shutDown(id);
  });

  it('begins where the viewer wishes: at an offset, so far from the end, or now', async () => {
    const { id } = await aikore.api.create({ name: 'numbers', base_blueprint: 'idles.sh' });
    await aikore.api.startUp(id);
    const log = logFile('numbers');
    await waitFor('its line', () => readFileSync(log, 'utf8') === 'idling\n');
    const beginning = async (offset?: number) => {
      const viewer = await EventsClient.open(aikore);
      viewer.follow(id, offset);
      const piece = await waitFor('the first piece', () => viewer.pieces(id)[0]);
      viewer.end();
      return [piece.offset, piece.next_offset, piece.content, piece.run];
    };
    expect(await beginning(0)).toEqual([0, 7, 'idling\n', 1]);
    expect(await beginning(3)).toEqual([3, 7, 'ing\n', 1]);
    expect(await beginning(-4)).toEqual([3, 7, 'ing\n', 1]);
    expect(await beginning(-400)).toEqual([0, 7, 'idling\n', 1]);
    expect(await beginning(400)).toEqual([7, 7, '', 1]);
    expect(await beginning()).toEqual([7, 7, '', 1]);
    await aikore.api.shutDown(id);
  });

  it('goes on with the next run from its first byte, under its number', async () => {
    const { id } = await aikore.api.create({ name: 'runs', base_blueprint: 'idles.sh' });
    const viewer = await EventsClient.open(aikore);
    viewer.follow(id, 0);
    await aikore.api.startUp(id);
    await waitFor('the first run', () => viewer.text(id) === 'idling\n');
    await aikore.api.shutDown(id);
    await aikore.api.startUp(id);
    await waitFor('the second run', () => viewer.text(id) === 'idling\nidling\n');
    const last = viewer
      .pieces(id)
      .filter(({ content }) => content !== '')
      .at(-1);
    expect(last).toMatchObject({ run: 2, offset: 0, next_offset: 7, skipped_bytes: 0 });
    viewer.end();
    await aikore.api.shutDown(id);
  });

  it('ends when the viewer wishes, and can begin again without anything twice', async () => {
    const { id } = await aikore.api.create({ name: 'counting', base_blueprint: 'counter.sh' });
    await aikore.api.startUp(id);
    const viewer = await EventsClient.open(aikore);
    viewer.follow(id, 0);
    await waitFor('some pieces', () => viewer.pieces(id).length > 4);
    viewer.send({ unsubscribe: 'logs', id });
    await staysSame(() => viewer.pieces(id).length);
    const resumed = viewer.pieces(id).at(-1)?.next_offset ?? 0;
    viewer.follow(id, resumed);
    const length = viewer.pieces(id).length;
    await waitFor('more pieces', () => viewer.pieces(id).length > length + 2);
    viewer.end();
    await aikore.api.shutDown(id);
    expect(readFileSync(logFile('counting'), 'utf8').startsWith(viewer.text(id))).toBe(true);
    expectSeamless(viewer.pieces(id));
  });

  it('of an instance that is deleted ends without a fuss', async () => {
    const { id } = await aikore.api.create({ name: 'passing', base_blueprint: 'idles.sh' });
    const viewer = await EventsClient.open(aikore);
    viewer.follow(id);
    await waitFor('it follows', () => viewer.pieces(id).length === 1);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    viewer.send({ unsubscribe: 'logs', id });
    viewer.follow(id);
    await waitFor('a notice', () => viewer.notices().length === 1);
    viewer.end();
  });

  it('of more instances than anybody looks at is refused', async () => {
    const viewer = await EventsClient.open(aikore);
    const ids: number[] = [];
    for (let count = 0; count <= 20; count += 1) {
      ids.push((await aikore.api.create({ name: `shelf ${count}`, base_blueprint: 'idles.sh' })).id);
    }
    for (const id of ids) viewer.follow(id);
    await waitFor('a notice', () => viewer.notices().length > 0);
    expect(viewer.notices()).toEqual(['At most 20 logs can be followed at once.']);
    viewer.end();
  });
});

describe('fifty viewers', () => {
  it('cost no more reading than one, and all see the same', async () => {
    const emitter = await Emitter.start(aikore, 'crowded');
    const viewers: EventsClient[] = [];
    const readFor = async (text: string): Promise<number> => {
      const before = bytesReadBy(aikore.pid);
      await emitter.print(text);
      for (const viewer of viewers) {
        const isThere = () => viewer.pieces(emitter.id).at(-1)?.next_offset === emitter.totalBytes;
        await waitFor('every viewer has it', isThere, 30_000);
      }
      return bytesReadBy(aikore.pid) - before;
    };
    const join = async () => {
      const viewer = await EventsClient.open(aikore);
      viewers.push(viewer);
      viewer.follow(emitter.id, 0);
      await waitFor('it follows', () => viewer.pieces(emitter.id).length > 0);
    };
    const text = 'a line of the log\n'.repeat(20_000);
    await join();
    const forOneBytes = await readFor(text);
    while (viewers.length < 50) await join();
    const forAllBytes = await readFor(text);
    expect(forOneBytes).toBeGreaterThanOrEqual(text.length);
    expect(forAllBytes).toBeLessThan(forOneBytes + text.length);
    for (const viewer of viewers) {
      expect(viewer.text(emitter.id)).toBe(text + text);
      viewer.end();
    }
    await aikore.api.shutDown(emitter.id);
  });
});

describe('a flood of 100 MB', () => {
  it('is skipped for who cannot keep up, costs no memory, and its end is seen by all', async () => {
    const { id } = await aikore.api.create({ name: 'flooding', base_blueprint: 'floods.sh' });
    await aikore.api.startUp(id);
    const [reading, stalled] = [await EventsClient.open(aikore), await EventsClient.open(aikore)];
    for (const viewer of [reading, stalled]) {
      viewer.follow(id, 0);
      await waitFor('it follows', () => viewer.text(id) === 'ready to flood\n');
    }
    stalled.socket.pause();
    const beforeBytes = residentBytes(aikore.pid);
    let highestBytes = beforeBytes;
    writeFileSync(aikore.home('flooding', 'go'), '');
    await waitFor(
      'the flood is over',
      () => {
        highestBytes = Math.max(highestBytes, residentBytes(aikore.pid));
        return statSync(logFile('flooding')).size > FLOOD_BYTES;
      },
      60_000,
    );
    await waitFor('the reader sees the end', () => reading.text(id).endsWith('the flood is over\n'));
    highestBytes = Math.max(highestBytes, residentBytes(aikore.pid));
    expect((highestBytes - beforeBytes) / MIB).toBeLessThan(32);
    expect((await aikore.api.send('GET', 'api/status')).status).toBe(200);

    stalled.socket.resume();
    await waitFor('the stalled one sees the end', () => stalled.text(id).endsWith('the flood is over\n'));
    for (const viewer of [reading, stalled]) {
      const pieces = viewer.pieces(id);
      expectSeamless(pieces);
      expect(viewer.text(id)).not.toContain('\ufffd');
      const size = statSync(logFile('flooding')).size;
      const told = pieces.reduce(
        (sum, piece) => sum + Buffer.byteLength(piece.content) + piece.skipped_bytes,
        0,
      );
      expect(told).toBe(size);
      viewer.end();
    }
    const skippedBytes = stalled.pieces(id).reduce((sum, piece) => sum + piece.skipped_bytes, 0);
    expect(skippedBytes).toBeGreaterThan(FLOOD_BYTES * 0.8);
    await aikore.api.shutDown(id);
  });
});

async function staysSame(read: () => number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = read();
  await staysTrue('nothing more comes', () => read() === before, 300);
}
