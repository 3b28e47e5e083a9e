import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { InstallRecord, RepositoryUpdate, UpdateCheck } from '../../src/contracts/environment.js';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { GitRemote, git } from '../support/git-remotes.js';
import { createInline, withVenv } from '../support/inline-blueprint.js';
import { recordFor, repositoryAt, writeNote } from '../support/install-records.js';
import { useLab } from '../support/lab.js';
import { processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const SCRIPT = `${withVenv('./env')}install() { :; }\naikore_setup install\nsleep 1000`;
let aikore: AiKoreProcess;
let count = 0;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

const remote = (): GitRemote => new GitRemote(join(lab.root, 'remotes'), `app-${(count += 1)}`);
const homeOf = ({ name }: Instance): string => aikore.home(name);
const check = ({ id }: Instance): Promise<UpdateCheck> =>
  aikore.api.expect(200, 'POST', `api/instances/${id}/update-check`);

/** An instance with checkouts, and a record of them. */
async function withCheckout(
  from: GitRemote,
  more: Partial<InstallRecord> = {},
  ...options: string[]
): Promise<Instance> {
  const instance = await createInline(aikore, SCRIPT);
  from.clone(join(homeOf(instance), 'app'), ...options);
  record(instance, {
    repositories: [repositoryAt('app', git(appOf(instance), 'rev-parse', 'HEAD'))],
    ...more,
  });
  return instance;
}

function record(instance: Instance, more: Partial<InstallRecord>): void {
  writeNote(homeOf(instance), 'install.json', recordFor(homeOf(instance), instance.base_blueprint, more));
}

const appOf = (instance: Instance): string => join(homeOf(instance), 'app');

async function checkOne(instance: Instance): Promise<RepositoryUpdate> {
  const { repositories } = await check(instance);
  expect(repositories).toHaveLength(1);
  return repositories[0] as RepositoryUpdate;
}

/** Every file of a checkout and when it was changed. */
const stateOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path} ${readFileSync(path).toString('base64')}`;
    })
    .sort();

describe('what is new of a repository', () => {
  it('is counted and told, and nothing of the checkout is changed', async () => {
    const origin = remote();
    origin.commit('first');
    const instance = await withCheckout(origin);
    expect(await checkOne(instance)).toMatchObject({
      behind: 0,
      changes: [],
      problem: null,
      is_pinned: false,
    });
    origin.commit('second');
    origin.tag('v1.9.0');
    origin.tag('v2.0.0-rc1');
    origin.commit('third');
    origin.tag('v1.10.0');
    const before = stateOf(appOf(instance));
    const answer = await check(instance);
    expect(answer.has_updates).toBe(true);
    expect(answer.repositories[0]).toMatchObject({
      path: 'app',
      subject: 'first',
      behind: 2,
      latest_tag: 'v1.10.0',
      is_pinned: false,
      problem: null,
      changes: [{ subject: 'third' }, { subject: 'second' }],
    });
    expect(answer.repositories[0]?.latest_commit).toBe(answer.repositories[0]?.changes[0]?.commit);
    expect(stateOf(appOf(instance))).toEqual(before);
    expect(readdirSync(aikore.path('tmp')).filter((name) => name.startsWith('.update-check'))).toEqual([]);
  });

  it('does not move what a tag or a commit keeps, and says what it keeps away', async () => {
    const origin = remote();
    origin.commit('first');
    origin.tag('v1');
    const tagged = await withCheckout(origin, {}, '--branch', 'v1');
    const commit = git(appOf(tagged), 'rev-parse', 'HEAD');
    record(tagged, { repositories: [repositoryAt('app', commit, 'v1')] });
    const detached = await withCheckout(origin);
    git(appOf(detached), 'checkout', '--quiet', '--detach');
    record(detached, { repositories: [repositoryAt('app', commit, null)] });
    origin.commit('second');
    for (const instance of [tagged, detached]) {
      const answer = await check(instance);
      expect(answer.has_updates).toBe(false);
      expect(answer.repositories[0]).toMatchObject({ behind: 1, is_pinned: true, problem: null });
    }
  });

  it('is of the branch that is followed, of a shallow clone and of packed refs, too', async () => {
    const origin = remote();
    origin.commit('on main');
    origin.commit('on dev', 'dev');
    const dev = await withCheckout(origin, {}, '--branch', 'dev');
    git(appOf(dev), 'pack-refs', '--all');
    record(dev, { repositories: [repositoryAt('./app', git(appOf(dev), 'rev-parse', 'HEAD'), 'dev')] });
    origin.commit('later on dev', 'dev');
    expect(await checkOne(dev)).toMatchObject({ behind: 1, changes: [{ subject: 'later on dev' }] });
    const shallow = await createInline(aikore, SCRIPT);
    git(lab.root, 'clone', '--quiet', '--depth=1', '--branch', 'dev', `file://${origin.url}`, appOf(shallow));
    const commit = git(appOf(shallow), 'rev-parse', 'HEAD');
    record(shallow, { repositories: [repositoryAt('app', commit, 'dev')] });
    origin.commit('much later on dev', 'dev');
    expect(await checkOne(shallow)).toMatchObject({ behind: 1, changes: [{ subject: 'much later on dev' }] });
  });

  it('is bounded, whatever its log holds', async () => {
    const origin = remote();
    origin.commit('first');
    const instance = await withCheckout(origin);
    for (let number = 0; number < 30; number += 1) origin.commit(`change ${number}`);
    origin.commit(`\u001b]0;title\u0007<b>\u202E${'y'.repeat(100_000)}`);
    const one = await checkOne(instance);
    expect([one.behind, one.changes.length, one.problem]).toEqual([31, 20, null]);
    expect(one.changes[0]?.subject).toMatch(/^<b>y{100,200}\.*$/);
  });
});

describe('a remote that cannot be asked', () => {
  it('is told in a sentence, and the others all the same', async () => {
    const origin = remote();
    const commit = origin.commit('first');
    const instance = await withCheckout(origin);
    const other = join(homeOf(instance), 'gone');
    origin.clone(other);
    git(other, 'remote', 'set-url', 'origin', join(lab.root, 'nowhere.git'));
    const offline = join(homeOf(instance), 'offline');
    origin.clone(offline);
    git(offline, 'remote', 'set-url', 'origin', 'http://me:hunter2@127.0.0.1:1/app.git');
    origin.commit('second');
    record(instance, {
      repositories: ['app', 'gone', 'offline', 'absent', '../other', '/etc', 'app/../app'].map((path) =>
        repositoryAt(path, commit),
      ),
    });
    const { repositories, has_updates: hasUpdates } = await check(instance);
    expect(hasUpdates).toBe(true);
    expect(repositories.map(({ behind, problem }) => [behind, problem])).toEqual([
      [1, null],
      [0, expect.stringContaining('has no such repository any more.')],
      [0, '127.0.0.1 cannot be reached.'],
      [0, 'absent is no checkout any more.'],
      [0, '../other is no checkout any more.'],
      [0, '/etc is no checkout any more.'],
      [0, 'app/../app is no checkout any more.'],
    ]);
    expect(JSON.stringify(repositories)).not.toContain('hunter2');
  });

  it('that never answers is given up with its client, and nothing is left', async () => {
    const silent = createServer();
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    const origin = remote();
    origin.commit('first');
    const instance = await withCheckout(origin);
    const url = `http://127.0.0.1:${port}/app.git`;
    git(appOf(instance), 'remote', 'set-url', 'origin', url);
    const gone = new AbortController();
    const path = new URL(`api/instances/${instance.id}/update-check`, aikore.dashboardUrl);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const asked = fetch(path, { method: 'POST', headers, signal: gone.signal }).catch(() => 'gone');
    await waitFor('git asks', () => processesMentioning(url).length > 0);
    expect(await aikore.api.refused('POST', `api/instances/${instance.id}/update-check`)).toMatchObject({
      status: 409,
      body: { code: 'UPDATE_CHECK_RUNNING' },
    });
    gone.abort();
    expect(await asked).toBe('gone');
    await waitFor('nothing of it is left', () => processesMentioning(url).length === 0);
    silent.close();
    git(appOf(instance), 'remote', 'set-url', 'origin', origin.url);
    await waitFor('it can be asked again', async () => {
      const { status } = await aikore.api.send('POST', `api/instances/${instance.id}/update-check`);
      return status === 200;
    });
  });
});

describe('a checkout that means harm', () => {
  it.each([
    ['ext::sh -c touch% VICTIM'],
    ['--upload-pack=touch VICTIM'],
    ['fd::17'],
    ['-oProxyCommand=touch VICTIM'],
    ['ssh://-oProxyCommand=touch%20VICTIM/x'],
    ['../other.git'],
    ['git://127.0.0.1/x'],
    ['ftp://127.0.0.1/x'],
  ])('is not asked at %j', async (url) => {
    const origin = remote();
    origin.commit('first');
    const instance = await withCheckout(origin);
    const victim = join(lab.root, `victim-${count}`);
    const config = join(appOf(instance), '.git', 'config');
    writeFileSync(config, `[remote "origin"]\n\turl = "${url.replace('VICTIM', victim)}"\n`);
    expect((await checkOne(instance)).problem).toEqual(expect.any(String));
    expect(existsSync(victim)).toBe(false);
  });

  it('runs nothing by its configuration, its hooks or what it includes', async () => {
    const origin = remote();
    origin.commit('first');
    const instance = await withCheckout(origin);
    origin.commit('second');
    const victim = join(lab.root, 'harmed');
    const trap = join(appOf(instance), 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch "${victim}"\nexit 1\n`);
    chmodSync(trap, 0o755);
    const included = join(appOf(instance), 'included');
    const settings = `
[core]
	fsmonitor = ${trap}
	hooksPath = ${appOf(instance)}/.git/hooks
	sshCommand = ${trap}
	askPass = ${trap}
	pager = ${trap}
	editor = ${trap}
	alternateRefsCommand = ${trap}
	gitProxy = ${trap}
[credential]
	helper = !${trap}
[remote "origin"]
	uploadpack = ${trap}
[log]
	showSignature = true
[gpg]
	program = ${trap}
[protocol]
	allow = always
[gc]
	auto = 1
[include]
	path = ${included}
`;
    writeFileSync(included, `[core]\n\tfsmonitor = ${trap}\n[remote "origin"]\n\turl = ext::${trap}\n`);
    const config = join(appOf(instance), '.git', 'config');
    writeFileSync(config, `${readFileSync(config, 'utf8')}${settings}`);
    const hooks = join(appOf(instance), '.git', 'hooks');
    mkdirSync(hooks, { recursive: true });
    for (const hook of ['reference-transaction', 'post-checkout', 'pre-auto-gc', 'post-merge']) {
      writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch "${victim}"\n`);
      chmodSync(join(hooks, hook), 0o755);
    }
    expect(await checkOne(instance)).toMatchObject({ behind: 1, problem: null });
    expect(existsSync(victim)).toBe(false);
  });

  it('through a link counts as none', async () => {
    const origin = remote();
    const commit = origin.commit('first');
    const instance = await createInline(aikore, SCRIPT);
    const outside = join(lab.root, 'outside-app');
    origin.clone(outside);
    symlinkSync(outside, appOf(instance));
    mkdirSync(join(homeOf(instance), 'half'));
    symlinkSync(join(outside, '.git'), join(homeOf(instance), 'half', '.git'));
    record(instance, { repositories: [repositoryAt('app', commit), repositoryAt('half', commit)] });
    expect((await check(instance)).repositories.map(({ problem }) => problem)).toEqual([
      'app is no checkout any more.',
      'half is no checkout any more.',
    ]);
  });
});
