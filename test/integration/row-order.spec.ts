import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RowOrder } from '../../src/contracts/row-order.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;
let ids: number[] = [];

const order = async (): Promise<number[]> => (await aikore.api.instances()).map(({ id }) => id);
const arrange = (wish: number[]): Promise<RowOrder> =>
  aikore.api.expect<RowOrder>(200, 'PUT', 'api/instances/order', { ids: wish });

beforeAll(async () => {
  aikore = await lab.start();
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    ids.push((await aikore.api.create({ name, base_blueprint: 'idles.sh' })).id);
});

describe('the order of the rows', () => {
  it('is stored, told to everybody, and kept by a restart', async () => {
    const viewer = await EventsClient.open(aikore);
    const wish = ids.toReversed();
    expect(await arrange(wish)).toEqual({ ids: wish });
    expect(await order()).toEqual(wish);
    await waitFor('the viewer knows', () =>
      viewer.events.some((event) => event.type === 'instance.updated' && event.data.id === ids[0]),
    );
    viewer.socket.close();
    await aikore.stop();
    aikore = await lab.start({}, aikore.dataDir);
    expect(await order()).toEqual(wish);
    ids = wish;
  });

  it('keeps the tags of settings good', async () => {
    const [first = 0] = ids;
    const before = await aikore.api.send('GET', `api/instances/${first}`);
    await arrange([...ids.slice(1), first]);
    const after = await aikore.api.send('GET', `api/instances/${first}`);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    await arrange(ids);
  });

  it('puts a new instance last', async () => {
    const { id } = await aikore.api.create({ name: 'new', base_blueprint: 'idles.sh' });
    expect(await order()).toEqual([...ids, id]);
    ids.push(id);
  });

  it.each([
    ['one is missing', () => ids.slice(1), /lacks/],
    ['one is unknown', () => [...ids, 4711], /no instance 4711/],
    ['one is named twice', () => [...ids, ids[0]], /twice/],
    ['they are no numbers', () => ids.map(String), /list of the ids/],
    ['they are no list', () => 'first', /list of the ids/],
  ])('is refused whole when %s', async (_case, wish, sentence) => {
    const before = await order();
    const answer = await aikore.api.refused('PUT', 'api/instances/order', { ids: wish() });
    expect(answer.status).toBe(422);
    expect(String(answer.body.details['ids'])).toMatch(sentence);
    expect(await order()).toEqual(before);
  });

  it('is whole when many arrange at once', async () => {
    const wishes = ids.map((_, index) => [...ids.slice(index), ...ids.slice(0, index)]);
    await Promise.all(wishes.map(arrange));
    expect(wishes).toContainEqual(await order());
  });
});
