import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LABEL } from '../support/docker/container.js';
import { docker } from '../support/docker/docker.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { OperatorTree } from '../support/docker/operator-tree.js';
import { Database } from '../../src/core/database/sqlite.js';

jest.setTimeout(240_000);
const image = await useImage();

const script = (word: string): string => `### AIKORE-METADATA-START ###
# aikore.name = word
# aikore.probe = process
### AIKORE-METADATA-END ###
echo ${word}; exec sleep 100000
`;

/** What an instance is, in the database and on the disk: both must tell of the same time. */
async function wordsOf(tree: OperatorTree): Promise<[string | null, string]> {
  const instance = await tree.api.byName('kept');
  const { content } = await tree.api.expect<{ content: string }>(
    200,
    'GET',
    `api/instances/${instance.id}/script`,
  );
  return [instance.env['WORD'] ?? null, /echo (\w+);/.exec(content)?.[1] ?? ''];
}

async function say(tree: OperatorTree, word: string): Promise<void> {
  const { id } = await tree.api.byName('kept');
  await tree.api.expect(200, 'PATCH', `api/instances/${id}`, { env: { WORD: word } });
  await tree.shell(`sed -i 's/^echo .*;/echo ${word};/' /config/instances/kept/launch.sh`);
}

const packIn = (output: string): string => /aikore-\d{8}T\d{6}Z\.tar\.gz/.exec(output)?.[0] ?? '';

describeWith(image)('a backup', () => {
  let tree: OperatorTree;
  let pack: string;
  const scratch = mkdtempSync(join(tmpdir(), 'aikore-packs-'));

  beforeAll(async () => {
    tree = await OperatorTree.make(image!);
    await tree.says('up');
    await tree.api.expect(201, 'POST', 'api/system/blueprints/custom', {
      filename: 'word.sh',
      content: script('first'),
    });
    await tree.api.create({ name: 'kept', base_blueprint: 'word.sh', env: { WORD: 'first' } });
    await tree.shell(
      'install -d -o 1000 /config/instances/kept/env && echo large | install -o 1000 /dev/stdin /config/instances/kept/env/package',
    );
    pack = packIn(await tree.says(`backup FILE=${join(scratch, 'copy.tar.gz')}`));
  });

  const host = (...path: string[]): string => join(tree.folder, 'data', ...path);

  it('holds the database, scripts and blueprints, and not what can be installed anew', () => {
    const listed = execFileSync('tar', ['-tzf', host('backups', pack)], { encoding: 'utf8' });
    expect(listed.trim().split('\n').sort()).toEqual([
      'aikore.db',
      'custom_blueprints/word.sh',
      'instances/kept/launch.sh',
    ]);
  });

  it('is AiKore’s alone to read, and a copy is for whoever asked', async () => {
    expect(await tree.shell(`stat -c '%u %a' /config/backups/${pack}`)).toBe('9900 600');
    expect(existsSync(join(scratch, 'copy.tar.gz'))).toBe(true);
    expect(await tree.shell('find /config -user root')).toBe('');
  });

  it('brings everything of its time back, and keeps what was there', async () => {
    await say(tree, 'second');
    await tree.api.create({ name: 'later', base_blueprint: 'word.sh' });
    const said = await tree.says(`restore FILE=${pack}`);
    expect(said).toContain(`Restored: ${pack}`);
    expect(await wordsOf(tree)).toEqual(['first', 'first']);
    expect((await tree.api.instances()).map(({ name }) => name)).toEqual(['kept']);
    expect(await tree.shell('cat /config/instances/kept/env/package')).toBe('large');
    expect(await tree.shell('stat -c %u /config/instances/kept/launch.sh')).toBe('1000');
    expect(await tree.shell('find /config -user root')).toBe('');

    const kept = /before-restore-\w+\.tar\.gz/.exec(said)?.[0] ?? '';
    await tree.says(`restore FILE=${kept}`);
    expect(await wordsOf(tree)).toEqual(['second', 'second']);
  });

  it('is put back from a path as well, and the list is told to who names none', async () => {
    await tree.says(`restore FILE=${join(scratch, 'copy.tar.gz')}`);
    expect(await wordsOf(tree)).toEqual(['first', 'first']);
    const { code, output } = await tree.command('restore');
    expect(code).not.toBe(0);
    expect(output).toContain(pack);
  });

  it('is not put back over instances that run, unasked', async () => {
    const { id } = await tree.api.byName('kept');
    await tree.api.startUp(id);
    const began = await tree.inspect('{{.State.StartedAt}}');
    const { code, output } = await tree.command(`restore FILE=${pack}`);
    expect(code).not.toBe(0);
    expect(output).toContain('kept');
    expect(await tree.inspect('{{.State.StartedAt}}')).toBe(began);
    await tree.api.shutDown(id);
  });

  describe('of an enemy', () => {
    const WRONG: [string, (folder: string) => string[]][] = [
      [
        'a path that leads out',
        (folder) => ['--transform=s,^launch,../../launch,', file(folder, 'launch.sh')],
      ],
      ['an absolute path', (folder) => ['-P', join(folder, file(folder, 'launch.sh'))]],
      ['a symbolic link', (folder) => [link(folder, 'instances/kept/launch.sh', '/config/aikore.db')]],
      ['a folder that is a link', (folder) => [link(folder, 'instances/kept', '/config')]],
      ['a file of NGINX', (folder) => [file(folder, 'run/nginx/nginx.conf')]],
      ['a name of two lines', (folder) => [file(folder, 'custom_blueprints/a.sh\n- aikore.db')]],
      ['a second database', () => ['aikore.db']],
    ];

    it.each(WRONG)('is refused for %s, and AiKore runs on', async (_what, parts) => {
      const folder = mkdtempSync(join(scratch, 'wrong-'));
      makeDatabase(join(folder, 'aikore.db'));
      const target = join(scratch, 'wrong.tar.gz');
      execFileSync('tar', ['-czf', target, '-C', folder, 'aikore.db', ...parts(folder)], { stdio: 'pipe' });
      await refuses(target, 'holds what no backup of AiKore holds');
    });

    it('is refused when it is no archive, or a damaged one', async () => {
      writeFileSync(join(scratch, 'text.tar.gz'), 'nothing of the kind');
      await refuses(join(scratch, 'text.tar.gz'), 'cannot be read');
      execFileSync('bash', [
        '-c',
        `head -c 2000 ${join(scratch, 'copy.tar.gz')} >${join(scratch, 'half.tar.gz')}`,
      ]);
      await refuses(join(scratch, 'half.tar.gz'), 'cannot be read');
    });

    it('is refused when its database is another program’s, or damaged', async () => {
      for (const content of ['CREATE TABLE songs (name TEXT)', '']) {
        const folder = mkdtempSync(join(scratch, 'wrong-'));
        if (content === '') writeFileSync(join(folder, 'aikore.db'), 'no database');
        else makeDatabase(join(folder, 'aikore.db'), content);
        execFileSync('tar', ['-czf', join(scratch, 'other.tar.gz'), '-C', folder, 'aikore.db']);
        await refuses(join(scratch, 'other.tar.gz'), 'nothing was changed');
      }
    });

    it('is refused when a newer AiKore has written it', async () => {
      const folder = mkdtempSync(join(scratch, 'newer-'));
      makeDatabase(
        join(folder, 'aikore.db'),
        `CREATE TABLE instances (id INTEGER); CREATE TABLE migrations (id INTEGER, timestamp INTEGER, name TEXT);
         INSERT INTO migrations VALUES (1, 1, 'OfTheFuture1900000000001')`,
      );
      execFileSync('tar', ['-czf', join(scratch, 'newer.tar.gz'), '-C', folder, 'aikore.db']);
      await refuses(join(scratch, 'newer.tar.gz'), 'newer AiKore');
    });

    async function refuses(path: string, sentence: string): Promise<void> {
      const before = [await wordsOf(tree), await tree.inspect('{{.State.StartedAt}}')];
      const { code, output } = await tree.command(`restore FILE=${path}`);
      expect({ code: code !== 0, output }).toEqual({ code: true, output: expect.stringContaining(sentence) });
      expect([await wordsOf(tree), await tree.inspect('{{.State.StartedAt}}')]).toEqual(before);
    }
  });

  it('leaves the old or the new state when it is interrupted, at whatever moment', async () => {
    await say(tree, 'second');
    await tree.says('down');
    const state = ['aikore.db', 'instances/kept/launch.sh'].map((name) => host(name));
    for (const path of state) execFileSync('cp', ['-p', path, `${path}.second`]);
    for (const afterMs of [100, 300, 500, 700, 900, 1100, 1400, 1700, 2000]) {
      await interruptedRestore(afterMs);
      await inVolume('aikore-restore', '--finish');
      const word = /echo (\w+);/.exec(readFileSync(host('instances/kept/launch.sh'), 'utf8'))?.[1];
      expect([afterMs, wordInDatabase(host('aikore.db'))]).toEqual([afterMs, word]);
      expect(['first', 'second']).toContain(word);
      for (const path of state) execFileSync('cp', ['-p', `${path}.second`, path]);
    }
  });

  /** Ends a restore as a power cut does. */
  async function interruptedRestore(afterMs: number): Promise<void> {
    const restore = inVolume('aikore-restore', pack);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await docker('kill', `${tree.name}-tool`);
    await restore;
  }

  /** Runs one of the image's tools on the data of a container that is down. */
  async function inVolume(...command: string[]): Promise<void> {
    const name = `${tree.name}-tool`;
    await docker(
      'run',
      `--name=${name}`,
      `--label=${LABEL}`,
      `--volume=${host()}:/config`,
      image!.id,
      ...command,
    );
    await docker('rm', '--force', name);
  }

  it('that was unpacked and checked counts: the next start finishes it', async () => {
    await tree.says('down');
    const folder = host('backups', '.restore');
    mkdirSync(folder);
    execFileSync('tar', ['-xzf', host('backups', pack), '-C', folder]);
    execFileSync('chown', ['-R', '9900:9900', folder]);
    expect(await tree.says('up')).toContain('AiKore serves at');
    expect(await wordsOf(tree)).toEqual(['first', 'first']);
    expect(existsSync(folder)).toBe(false);
  });

  it('brings back a volume whose database AiKore refuses, and keeps that one', async () => {
    await tree.says('down');
    writeFileSync(host('aikore.db'), 'a disk has failed');
    const refused = await tree.command('up');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('backups/');
    const kept =
      /kept in backups\/(before-restore-\w+)/.exec(await tree.says(`restore FILE=${pack}`))?.[1] ?? '';
    expect(await wordsOf(tree)).toEqual(['first', 'first']);
    expect(readFileSync(host('backups', kept, 'aikore.db'), 'utf8')).toBe('a disk has failed');
  });

  it('is made and put back while the container is down, too', async () => {
    await tree.says('down');
    expect(packIn(await tree.says('backup'))).not.toBe('');
    rmSync(scratch, { recursive: true });
  });
});

function wordInDatabase(path: string): unknown {
  const database = new Database(path, { readonly: true });
  const env = database.prepare("SELECT env FROM instances WHERE name = 'kept'").pluck().get();
  database.close();
  return (JSON.parse(String(env)) as Record<string, unknown>)['WORD'];
}

function makeDatabase(path: string, sql = 'CREATE TABLE instances (id INTEGER)'): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

/** Makes a file in a folder. @returns its name there */
function file(folder: string, name: string): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), 'planted\n');
  return name;
}

/** Makes a link in a folder. @returns its name there */
function link(folder: string, name: string, target: string): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  symlinkSync(target, join(folder, name));
  return name;
}
