import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { REPOSITORY } from '../support/docker/dockerfile.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { OperatorTree, run } from '../support/docker/operator-tree.js';

jest.setTimeout(180_000);
const image = await useImage();

const LASTING = `### AIKORE-METADATA-START ###
# aikore.name = lasting
# aikore.probe = process
### AIKORE-METADATA-END ###
exec sleep 100000
`;

/** Starts an instance that ends only when it is told to. */
async function startLasting(tree: OperatorTree, name: string): Promise<void> {
  await tree.api.expect(201, 'POST', 'api/system/blueprints/custom', {
    filename: 'lasting.sh',
    content: LASTING,
  });
  const { id } = await tree.api.create({ name, base_blueprint: 'lasting.sh' });
  await tree.api.startUp(id);
}

describeWith(image)('make up', () => {
  let tree: OperatorTree;
  let said: string;

  beforeAll(async () => {
    tree = await OperatorTree.make(image!, {
      AIKORE_BIND: '0.0.0.0',
      AIKORE_HOSTNAME: 'GPU-Box.lab.example',
    });
    said = await tree.says('up');
  });

  it('tells where AiKore is, by the machine’s name and address', () => {
    const { port } = new URL(tree.dashboard);
    expect(said).toContain(`http://GPU-Box.lab.example:${port}/`);
    expect(said).toMatch(new RegExp(`http://[0-9.]+:${port}/`));
    expect(said).not.toContain('127.0.0.1');
  });

  it('tells how to sign in, by a link that works', async () => {
    const link = /\/signin-link\/[\w-]+/.exec(said)?.[0];
    const page = await fetch(`${tree.dashboard}${link}`, { redirect: 'manual' });
    expect(page.status).toBeLessThan(400);
  });

  it.each([
    ['gpu-box.lab.example', 200],
    ['gpu-box', 200],
    ['gpu-box.local', 200],
    ['attacker.example', 421],
  ])('makes it answer to %s with %i', async (host, status) => {
    const url = `${tree.dashboard}/api/status`;
    const { stdout } = await run(
      'curl',
      ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', `Host: ${host}`, url],
      '/',
    );
    expect(Number(stdout)).toBe(status);
  });

  it('leaves alone what runs already', async () => {
    const before = await tree.inspect('{{.Id}} {{.State.StartedAt}}');
    expect(await tree.says('up')).toContain('AiKore serves at');
    expect(await tree.inspect('{{.Id}} {{.State.StartedAt}}')).toBe(before);
  });

  it('does not end instances unasked for a setting that has changed', async () => {
    await startLasting(tree, 'two days');
    const before = await tree.inspect('{{.Id}}');
    tree.configure({ TZ: 'Europe/Berlin' });
    const refused = await tree.command('up');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('two days');
    expect(refused.output).toContain('YES=1');
    expect(await tree.inspect('{{.Id}} {{.State.Running}}')).toBe(`${before} true`);

    await tree.says('up', { YES: '1' });
    expect(await tree.inspect('{{.Id}}')).not.toBe(before);
    expect(await tree.shell('date +%Z')).toMatch(/^CES?T$/);
  });

  it('refuses a container of the same name that another folder has made', async () => {
    const other = await OperatorTree.make(image!, {
      AIKORE_CONTAINER: tree.name,
      COMPOSE_PROJECT_NAME: tree.name,
    });
    const refused = await other.command('up');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(tree.folder);
    expect(await tree.inspect('{{.State.Running}}')).toBe('true');
  });

  it('is followed by a shell as applications have it, and by one of root', async () => {
    const shell = (env: Record<string, string>) =>
      run(
        'bash',
        ['-c', 'echo "id -u; pwd; env | grep -c AIKORE_TOKEN" | make --silent shell'],
        tree.folder,
        env,
      );
    expect((await shell({})).stdout.split('\n')).toEqual(['1000', '/config/home', '0', '']);
    expect((await shell({ ROOT: '1' })).stdout.split('\n')[0]).toBe('0');
  });

  it('is ended by make down, which keeps the data', async () => {
    await tree.says('down');
    expect(existsSync(join(tree.folder, 'data/aikore.db'))).toBe(true);
    await expect(tree.inspect('{{.Id}}')).rejects.toThrow();
    expect((await tree.command('shell')).output).toContain('make up');
  });
});

describeWith(image)('a password in a file', () => {
  it('signs in, and is seen neither in the container’s settings nor by its applications', async () => {
    const tree = await OperatorTree.make(image!, { AIKORE_PASSWORD_FILE: './password' });
    const file = join(tree.folder, 'password');
    writeFileSync(file, 'correct horse battery\n');
    // Whoever runs make is often the very user whom PUID names.
    await run('chown', ['1000:1000', file], '/');
    chmodSync(file, 0o600);
    expect(await tree.says('up')).not.toContain('signin-link');
    await tree.api.expect(200, 'POST', 'api/auth/login', { password: 'correct horse battery' });
    expect(await tree.inspect('{{json .Config}}')).not.toContain('correct horse');
    await expect(
      tree.shell('setpriv --reuid 1000 --regid 1000 --clear-groups cat /run/secrets/aikore_password'),
    ).rejects.toThrow('Permission denied');
  });

  it('that is not there is told before anything starts', async () => {
    const tree = await OperatorTree.make(image!, { AIKORE_PASSWORD_FILE: '/nowhere/password' });
    const { code, output } = await tree.command('up');
    expect(code).not.toBe(0);
    expect(output).toContain('/nowhere/password');
  });
});

describeWith(image)('what is missing on a machine', () => {
  let tree: OperatorTree;

  beforeAll(async () => {
    tree = await OperatorTree.make(image!);
  });

  /** A PATH with the usual programs, less some. */
  function pathWithout(...missing: string[]): string {
    const folder = join(tree.folder, `bin-without-${missing.join('-')}`);
    mkdirSync(folder);
    for (const place of ['/usr/bin', '/bin', '/usr/local/bin'])
      for (const program of PROGRAMS.filter((name) => !missing.includes(name)))
        if (existsSync(join(place, program)) && !existsSync(join(folder, program)))
          symlinkSync(join(place, program), join(folder, program));
    return folder;
  }

  it.each([
    ['Docker', { PATH: () => pathWithout('docker') }, /Docker is not installed.*apt-get install/],
    [
      'the engine',
      { DOCKER_HOST: () => 'unix:///nowhere/docker.sock' },
      /does not answer.*systemctl start docker/,
    ],
    ['the NVIDIA toolkit', { GPU: () => 'nvidia' }, /NVIDIA Container Toolkit.*GPU=none/],
    ['a card of that kind', { GPU: () => 'voodoo' }, /GPU must be nvidia, amd or none/],
  ])('is told in one line: %s', async (_what, env, sentence) => {
    const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value()]));
    const { code, output } = await tree.command('up', given);
    expect(code).not.toBe(0);
    const lines = output.split('\n').filter((line) => line !== '' && !line.startsWith('make'));
    expect(lines).toEqual([expect.stringMatching(sentence)]);
  });

  it('is told where neither form of compose is there', async () => {
    const path = pathWithout('docker-compose', 'docker');
    // A client without plugins, wherever this machine keeps them.
    writeFileSync(
      join(path, 'docker'),
      '#!/bin/sh\n[ "$1" = compose ] && exit 1\nexec /usr/bin/env -i PATH=/usr/local/bin:/usr/bin DOCKER_HOST="$DOCKER_HOST" docker "$@"\n',
    );
    chmodSync(join(path, 'docker'), 0o755);
    const { code, output } = await tree.command('up', { PATH: path });
    expect(code).not.toBe(0);
    expect(output).toMatch(/Compose is not installed.*docker-compose/);
  });

  it('is told of a port that another program has, with its setting', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, output } = await tree.command('up', { AIKORE_PORT: String(port) });
    server.close();
    expect(code).not.toBe(0);
    expect(output).toMatch(new RegExp(`Port ${port} .*taken.*AIKORE_PORT`));
  });

  it('is told of what AiKore itself refuses', async () => {
    const { code, output } = await tree.command('up', { AIKORE_STOP_GRACE: 'long' });
    expect(code).not.toBe(0);
    expect(output).toContain('AIKORE_STOP_GRACE');
    await tree.says('down');
  });
});

describe('the commands', () => {
  it('are without a fault that ShellCheck knows', async () => {
    const scripts = [
      'scripts/container.sh',
      'docker/bin/aikore-backup',
      'docker/bin/aikore-restore',
      'docker/bin/aikore-shell',
    ];
    const { code, output } = await run('shellcheck', ['-x', ...scripts], REPOSITORY);
    expect(output).toBe('');
    expect(code).toBe(0);
  });

  it('are named by make help', async () => {
    const { output } = await run('make', ['help'], REPOSITORY);
    for (const name of ['up', 'down', 'logs', 'shell', 'update', 'backup', 'restore', 'image'])
      expect(output).toMatch(new RegExp(`make up.*\\b${name}\\b|make ${name}\\b`));
  });
});

const PROGRAMS = [
  ...[
    'bash',
    'sh',
    'make',
    'git',
    'sed',
    'grep',
    'awk',
    'id',
    'cat',
    'tail',
    'head',
    'sort',
    'dirname',
    'env',
    'mktemp',
  ],
  ...[
    'df',
    'rm',
    'tr',
    'paste',
    'realpath',
    'date',
    'ss',
    'ip',
    'hostname',
    'node',
    'find',
    'docker',
    'docker-compose',
  ],
];
