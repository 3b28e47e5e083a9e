import { beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Operation } from '../../src/contracts/operation.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { asApps, whileExchanging } from '../support/kept-apart.js';
import { useLab } from '../support/lab.js';
import { descendantsOf } from '../support/process-tree.js';
import { done, ended, operations, unfinished } from '../support/transfers.js';
import { APP_USER, APPS, RIGHTS_OF_APPS, describeTwoUsers, rightsOf } from '../support/two-users.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const SECRET = 'what only AiKore may read';
let aikore: AiKoreProcess;
let secret = '';
let count = 0;

/** An instance whose folder an application has filled. */
async function filled(script: string): Promise<{ id: number; name: string; home: string }> {
  const name = `filled ${(count += 1)}`;
  const { id } = await aikore.api.create({ name, base_blueprint: 'answers.sh' });
  asApps(`cd "$1"; ${script}`, aikore.home(name), secret);
  return { id, name, home: aikore.home(name) };
}

describeTwoUsers('transfers, with another user than applications', () => {
  beforeAll(async () => {
    aikore = await lab.start({ AIKORE_APP_USER: APP_USER });
    secret = aikore.path('backups', 'secret');
    writeFileSync(secret, SECRET);
    chmodSync(secret, 0o600);
  });

  it('are carried out by the applications, and everything that comes of them is theirs', async () => {
    const { id } = await filled(
      'mkdir app; for at in $(seq 40); do head -c 4000000 /dev/zero >app/$at; done',
    );
    const begun = await aikore.api.expect<Operation>(202, 'POST', `api/instances/${id}/copy`, {
      new_name: 'theirs',
    });
    const worker = await waitFor('there is a worker', () =>
      descendantsOf(aikore.pid).find(({ commandLine }) => commandLine.includes('transfer.js')),
    );
    // Its start as AiKore's and the change of its user are one moment apart.
    await waitFor('it is theirs', () => rightsOf(worker.pid).uids[0] === APPS.uid);
    expect(rightsOf(worker.pid)).toEqual(RIGHTS_OF_APPS);
    expect((await ended(aikore, begun)).phase).toBe('done');
    const { subject } = await done(aikore, `api/instances/${id}/export`, {});
    await done(aikore, `api/archives/${encodeURIComponent(subject)}/import`, { new_name: 'theirs too' });
    for (const path of ['theirs', 'theirs/launch.sh', 'theirs/app/1', 'theirs too/app/40'])
      expect(statSync(join(aikore.path('instances'), path)).uid).toBe(APPS.uid);
    expect(() => asApps('rm -f "$1"', aikore.path('archives', subject))).toThrow();
    expect(() => asApps('ls "$1"', aikore.path('archives'))).toThrow();
  });

  it('read nothing of AiKore through a link that an application has laid', async () => {
    const { id, home } = await filled('mkdir in; ln -s "$2" link; ln -s "${2%/*}" folder; echo x >in/file');
    await done(aikore, `api/instances/${id}/copy`, { new_name: 'linked' });
    const { subject } = await done(aikore, `api/instances/${id}/export`, {});
    expect(gunzipSync(readFileSync(aikore.path('archives', subject))).includes(SECRET)).toBe(false);
    // Again while names are exchanged all the time; it may well fail then.
    const pairs: [string, string][] = [
      ['in', 'folder'],
      ['launch.sh', 'link'],
    ];
    await whileExchanging(home, pairs, async () => {
      for (let at = 0; at < 6; at += 1) {
        const body = { new_name: `exchanged ${at}` };
        const copied = await aikore.api.send<Operation>('POST', `api/instances/${id}/copy`, body);
        if (copied.status === 202) await ended(aikore, copied.body);
        const packed = await aikore.api.send<Operation>('POST', `api/instances/${id}/export`, {});
        if (packed.status === 202) await ended(aikore, packed.body);
      }
    });
    // grep says 1 for nothing.
    const found = spawnSync('grep', ['-rqF', '--devices=skip', SECRET, aikore.path('instances')]);
    expect(found.status).toBe(1);
    for (const name of readdirSync(aikore.path('archives')))
      expect(gunzipSync(readFileSync(aikore.path('archives', name))).includes(SECRET)).toBe(false);
  });

  it('put no file of AiKore among archives that an application slips in', async () => {
    const { id } = await filled('head -c 60000000 /dev/urandom >noise');
    const begun = await aikore.api.expect<Operation>(202, 'POST', `api/instances/${id}/export`, {});
    await waitFor('it is packed', async () =>
      (await operations(aikore)).some(({ id: one, done_bytes }) => one === begun.id && done_bytes > 0),
    );
    const partial = readdirSync(aikore.path('archives')).find((name) => name.startsWith('.partial-')) ?? '';
    const folder = aikore.path('archives', partial);
    asApps('rm -f "$1/archive"; ln -s "$2" "$1/archive"', folder, secret);
    expect(await ended(aikore, begun)).toMatchObject({ phase: 'failed' });
    expect(existsSync(aikore.path('archives', begun.subject))).toBe(false);
    expect(readFileSync(secret, 'utf8')).toBe(SECRET);
    expect(unfinished(aikore)).toEqual([]);
  });

  it('leave what an application cannot read where it is, and say so', async () => {
    const { id, home } = await filled('mkdir app');
    mkdirSync(join(home, 'app', 'foreign'), { mode: 0o700 });
    const operation = await ended(
      aikore,
      await aikore.api.expect<Operation>(202, 'POST', `api/instances/${id}/copy`, { new_name: 'unreadable' }),
    );
    expect(operation).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining('could not be read'),
    });
    expect(existsSync(aikore.home('unreadable'))).toBe(false);
  });
});
