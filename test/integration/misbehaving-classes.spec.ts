import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, InstanceCreate, LogSlice } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { isAlive, processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const STALLED_AFTER_SECONDS = 2;
const PORTLESS = '### AIKORE-METADATA-START ###\n# aikore.probe = process\n### AIKORE-METADATA-END ###\n';
let aikore: AiKoreProcess;
let dataDir = '';

beforeAll(async () => {
  dataDir = lab.dataDir();
  aikore = await lab.start(
    { AIKORE_STALLED_AFTER: String(STALLED_AFTER_SECONDS), AIKORE_STOP_GRACE: '1' },
    dataDir,
  );
});

/** Makes an instance of a script that stands here, and starts it. */
async function begin(
  name: string,
  script: string | Buffer,
  wish: Partial<InstanceCreate> = {},
): Promise<Instance> {
  const blueprint = `${name}.sh`;
  // Neither a shebang nor the right to be executed is asked for.
  writeFileSync(join(dataDir, 'custom_blueprints', blueprint), script, { mode: 0o644 });
  const { id } = await aikore.api.create({ name, base_blueprint: blueprint, ...wish });
  return aikore.api.command(id, 'start');
}

async function logOf(id: number): Promise<string> {
  return (await aikore.api.expect<LogSlice>(200, 'GET', `api/instances/${id}/logs?limit=65536`)).content;
}

/** Whatever it has done, it can be stopped, nothing of it lives then, and it can be started again. */
async function expectObedience(id: number, name: string): Promise<void> {
  const { status } = await aikore.api.instance(id);
  if (status !== 'error') await aikore.api.shutDown(id);
  expect(processesMentioning(aikore.home(name))).toEqual([]);
}

describe('a script that ends', () => {
  const endings: [
    what: string,
    script: string | Buffer,
    code: number | null,
    reason: RegExp,
    evidence: RegExp,
  ][] = [
    ['at once, with success', 'exit 0\n', 0, /came to its end/, /^$/],
    ['at once, with a failure', 'echo "no model"\nexit 3\n', 3, /exit code 3/, /no model/],
    ['being empty', '', 0, /came to its end/, /^$/],
    ['by a missing command', 'no-such-command --x\n', 127, /command was not found/, /no-such-command/],
    ['by a syntax error', 'if true; then\n  echo "never closed"\n', 2, /exit code 2/, /syntax error/],
    [
      'being binary',
      Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\xff\xfe\n\0\0\0', 'latin1'),
      126,
      /exit code 126/,
      /cannot execute/,
    ],
    ['by a signal of its own', 'kill -SEGV $$\n', null, /SIGSEGV/, /^$/],
    ['without a last line break', 'printf "half a line"\nexit 4\n', 4, /exit code 4/, /half a line$/],
    [
      'after it closed its output',
      'echo "last words"\nexec >&- 2>&-\nsleep 0.2\nexit 6\n',
      6,
      /exit code 6/,
      /last words/,
    ],
    [
      'by reading what nobody says',
      'read -r line\necho "read $? [$line]"\nexit 7\n',
      7,
      /exit code 7/,
      /read 1 \[\]/,
    ],
    [
      'with Windows line ends',
      'echo hello\r\ncd /tmp\r\nexit 5\r\n',
      2,
      /exit code 2/,
      /numeric argument required/,
    ],
  ];
  it.each(endings)(
    '%s is in error, says how, and shows why',
    async (what, script, code, reason, evidence) => {
      const name = what.replace(/[^a-z ]/g, '');
      const { id } = await begin(name, script);
      const failed = await aikore.api.reaches(id, 'error');
      expect(failed).toMatchObject({ exit_code: code, pid: null, desired: 'stopped' });
      expect(failed.status_reason).toMatch(reason);
      expect(failed.status_reason).toMatch(/^[A-Z].+\.$/);
      expect(failed.evidence.join('\n')).toMatch(evidence);
      await expectObedience(id, name);
    },
  );

  it('while its daemon goes on: the daemon is ended with it, and nothing is left', async () => {
    const script = `${PORTLESS}(setsid sleep 120 & echo "$!" >daemon)\necho "gone to the background"\nexit 0\n`;
    const { id } = await begin('daemon', script);
    const failed = await aikore.api.reaches(id, 'error');
    expect(failed).toMatchObject({ exit_code: 0 });
    expect(failed.status_reason).toMatch(/came to its end/);
    expect(isAlive(Number(readFileSync(aikore.home('daemon', 'daemon'), 'utf8')))).toBe(false);
    await expectObedience(id, 'daemon');
  });
});

describe('an application that is not there where it should be', () => {
  it('because it never listens: stalled when it falls silent, with a reason of its own', async () => {
    const { id } = await begin('deaf', 'exec sleep 120\n');
    const stalled = await aikore.api.reaches(id, 'stalled');
    expect(stalled.status_reason).toMatch(/printed nothing and did not become ready/);
    await expectObedience(id, 'deaf');
  });

  it('because it listens on another port: stalled, and the reason names that port', async () => {
    const script =
      'exec node -e \'require("node:net").createServer().listen(0, "127.0.0.1", function () {' +
      ' require("node:fs").writeFileSync("port", String(this.address().port)); })\'\n';
    const { id, port } = await begin('elsewhere', script);
    const stalled = await aikore.api.reaches(id, 'stalled');
    expect(stalled.status_reason).toMatch(/did not become ready/);
    const other = readFileSync(aikore.home('elsewhere', 'port'), 'utf8');
    expect(stalled.status_reason).toContain(`It listens on port ${other} instead of ${port}`);
    await expectObedience(id, 'elsewhere');
  });
});

describe('a script that runs, whatever it does to itself', () => {
  const oddities: [what: string, script: string][] = [
    ['has no shebang and may not be executed', 'exec sleep 120\n'],
    [
      'is a megabyte long',
      `${'# padding '.repeat(100)}\n`.repeat(1040) + 'echo "at the end"\nexec sleep 120\n',
    ],
    ['replaces itself by exec', 'exec bash -c "exec sleep 120"\n'],
    ['closes its output', 'exec >&- 2>&- <&-\nexec sleep 120\n'],
    ['prints without line breaks', 'printf "loading"\nfor _ in 1 2 3; do printf .; done\nexec sleep 120\n'],
    ['takes another name', 'exec -a "[kworker/0:1]" sleep 120\n'],
    ['looks like nobody', 'printf ") R 1 1 (" >/proc/self/comm\nwhile sleep 0.2; do :; done\n'],
    ['works in a folder that is deleted', 'mkdir w && cd w && rmdir ../w\nwhile sleep 0.2; do :; done\n'],
    ['has a folder no more', 'rm -rf "$INSTANCE_CONF_DIR"\nwhile sleep 0.2; do echo alive; done\n'],
    [
      'has a file in place of its folder',
      'rm -rf "$INSTANCE_CONF_DIR"; echo x >"$INSTANCE_CONF_DIR"\nexec sleep 120\n',
    ],
    ['deletes its log', 'rm -f output.log\nwhile sleep 0.1; do echo "again"; done\n'],
    [
      'makes its log a link',
      'rm -f output.log; ln -s /etc/passwd output.log\nwhile sleep 0.1; do echo "again"; done\n',
    ],
    [
      'makes its log a folder',
      'rm -f output.log; mkdir output.log\nwhile sleep 0.1; do echo "again"; done\n',
    ],
    ['has Windows line ends in comments only', '# one\r\n# two\r\nexec sleep 120\n'],
  ];
  it.each(oddities)('%s: started, and stopped without a trace', async (what, script) => {
    const name = what.replace(/[^a-z ]/g, '');
    const wish = { probe: 'process' };
    const { id } = await begin(name, script, wish);
    const { pid } = await aikore.api.reaches(id, 'started');
    // Time for what it does to itself.
    await sleep(300);
    expect(await aikore.api.instance(id)).toMatchObject({ status: 'started', pid });
    const logs = await aikore.api.send('GET', `api/instances/${id}/logs`);
    expect([200, 404]).toContain(logs.status);
    expect(JSON.stringify(logs.body)).not.toContain('root:');
    await expectObedience(id, name);
  });

  it('can be started again after it has deleted its folder, from its blueprint', async () => {
    const { id } = await begin('phoenix', 'rm -rf "$INSTANCE_CONF_DIR"\nexec sleep 120\n', {
      probe: 'process',
    });
    await aikore.api.reaches(id, 'started');
    await waitFor('its folder is gone', () => !existsSync(aikore.home('phoenix')));
    await aikore.api.shutDown(id);
    expect(await aikore.api.startUp(id)).toMatchObject({ run: 2 });
    await aikore.api.shutDown(id);
  });

  it('has its log again after it deleted it, and never writes through a link', async () => {
    const before = readFileSync('/etc/passwd', 'utf8');
    const loop = 'for n in {1..600}; do echo "line $n"; sleep 0.1; done\n';
    const deleted = await begin('log deleter', `rm -f output.log\n${loop}`, { probe: 'process' });
    const linked = await begin('log linker', `ln -sf /etc/passwd output.log\n${loop}`, { probe: 'process' });
    await waitFor('lines are in the log', async () => /line \d+/.test(await logOf(deleted.id)));
    expect(lstatSync(aikore.home('log deleter', 'output.log')).isFile()).toBe(true);
    for (const { id, name } of [deleted, linked]) await expectObedience(id, name);
    expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
  });
});

describe('a flood of 100 MB', () => {
  it('leaves AiKore answering, and all of it is in the log', async () => {
    const { id, name } = await aikore.api.create({ name: 'flood', base_blueprint: 'floods.sh' });
    await aikore.api.startUp(id);
    writeFileSync(aikore.home(name, 'go'), '');
    const tookMs: number[] = [];
    await waitFor(
      'the flood is over',
      async () => {
        const beganMs = performance.now();
        await aikore.api.instance(id);
        tookMs.push(performance.now() - beganMs);
        const { size } = await aikore.api.expect<LogSlice>(200, 'GET', `api/instances/${id}/logs?offset=-64`);
        return size > 100 * 1024 * 1024;
      },
      60_000,
    );
    expect((await aikore.api.instance(id)).status).toBe('started');
    const sorted = [...tookMs].sort((a, b) => a - b);
    // Generous: one answer in twenty may have waited for a processor that others use as well.
    expect(sorted[Math.floor(sorted.length * 0.95)] ?? 0).toBeLessThan(1000);
    await expectObedience(id, name);
  });
});
