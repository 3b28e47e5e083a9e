import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SCRIPTS = resolve(import.meta.dirname, '../../scripts/desktop');
const files = [...readdirSync(SCRIPTS), ...readdirSync(join(SCRIPTS, 'lib')).map((name) => join('lib', name))]
  .filter((name) => name.endsWith('.sh'))
  .map((name) => join(SCRIPTS, name));

jest.setTimeout(60_000);

describe('the scripts of a desktop', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'aikore-scripts-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const bash = (script: string, input?: Buffer) =>
    spawnSync('bash', ['-uc', script], {
      cwd: root,
      encoding: 'utf8',
      ...(input === undefined ? {} : { input }),
    });
  const launch = (...args: string[]) =>
    spawnSync('bash', [join(SCRIPTS, 'launch.sh'), ...args], { cwd: root, encoding: 'utf8' });

  (existsSync('/usr/bin/shellcheck') ? it : it.skip)('satisfy ShellCheck', () => {
    const { stdout, status } = spawnSync('shellcheck', ['--norc', '-x', ...files], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  });

  it('keep a log of bounded size, whatever is printed', () => {
    const line = `${'x'.repeat(199)}\n`;
    const input = Buffer.concat([
      Buffer.from(line.repeat(6000)),
      Buffer.alloc(300_000, 'y'),
      Buffer.from('\0\n\xff\xfe\nthe last word'),
    ]);
    const { status } = bash(`source ${join(SCRIPTS, 'lib/log.sh')}; bounded_log display.log`, input);
    const sizes = ['display.log', 'display.log.old'].map((name) => statSync(join(root, name)).size);
    expect([status, Math.max(...sizes) <= 300 * 1024]).toEqual([0, true]);
    expect(readFileSync(join(root, 'display.log'), 'utf8')).toMatch(/the last word\n$/);
  });

  it('refuse a command line that they do not understand', () => {
    const good = ['--folder', root, '--display', '300', '--driver', 'tigervnc'];
    const rest = ['--', 'true', '--', '--', 'true'];
    for (const [args, problem] of [
      [['--folder', '/nowhere', ...rest], '--folder'],
      [['--folder', root, '--display', '3;0', ...rest], '--display'],
      [['--folder', root, '--display', '300', '--driver', '"}', ...rest], '--driver'],
      [[...good, '--what', ...rest], '--what'],
      [[...good, '--', '--', '--', 'true'], 'X server'],
      [[...good, '--', 'true', '--', '--'], 'program'],
    ] as const) {
      const { status, stderr } = launch(...args);
      expect([status, stderr.includes(problem), problem]).toEqual([2, true, problem]);
    }
  });

  it('run the program without its desktop when that cannot be, with its arguments as they are', () => {
    const program = ['bash', '-c', 'printf "%s|" "$@" "$DISPLAY"; exit 9', 'name', 'a b', '--', '$(x)', ''];
    const order = ['--folder', root, '--display', '300', '--driver', 'tigervnc', '--', 'false', '--', '--'];
    const { status, stdout } = spawnSync('bash', [join(SCRIPTS, 'launch.sh'), ...order, ...program], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, DISPLAY: ':300' },
    });
    const helper = Number(/"helper_pid":(\d+)/.exec(readFileSync(join(root, 'state'), 'utf8'))?.[1]);
    process.kill(helper, 'SIGTERM');
    expect(stdout).toBe(
      '[aikore] The desktop could not be started: the X server does not come up (exit code 1).\na b|--|$(x)||:300|',
    );
    expect(status).toBe(9);
    bash(`for _ in {1..100}; do [ -e /proc/${helper} ] || break; sleep 0.05; done`);
    expect([existsSync(`/proc/${helper}`), existsSync('/tmp/.X300-lock')]).toEqual([false, false]);
  });

  it('leave a display alone that a living server has locked, and take over from a dead helper', () => {
    const locking = `here=.; display=301; reserved_by=; source ${join(SCRIPTS, 'lib/lock.sh')}`;
    const lock = '/tmp/.X301-lock';
    const held = bash(
      `printf '%10d\\n' ${process.pid} >${lock}; ${locking}; take_lock; echo $?; cat ${lock}; release_lock`,
    );
    expect([held.stdout.split(/\s+/).slice(0, 2), existsSync(lock)]).toEqual([
      ['1', String(process.pid)],
      true,
    ]);
    const dead = spawnSync('true').pid;
    const taken = bash(
      `printf '%10d\\n' ${dead} >${lock}; ${locking}; take_lock; echo $?; [ "$(<${lock})" -eq $$ ] && echo mine; release_lock`,
    );
    expect([taken.stdout, existsSync(lock)]).toEqual(['0\nmine\n', false]);
  });
});
