import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BLUEPRINTS = resolve('blueprints');

let dir: string;
const at = (...names: string[]): string => join(dir, ...names);

/** An npm that takes down what it is asked for and makes the package, or stops half-way. */
const NPM = `#!/bin/bash
echo "$*" >>"$HOME/npm.log"
package="$3/node_modules/sillytavern"
mkdir -p "$package/public/scripts/extensions/third-party"
[[ ! -e $HOME/offline ]] || exit 1
version="\${*: -1}"
printf '{ "version": "%s" }' "\${version#sillytavern@}" >"$package/package.json"
cat >"$package/server.js" <<'JS'
const own = Object.entries(process.env).filter(([name]) => name.startsWith('SILLYTAVERN_'));
console.log('SERVER ' + JSON.stringify({ arguments: process.argv.slice(2), settings: Object.fromEntries(own) }));
JS
`;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'aikore tavern-')));
  for (const folder of ['bin', 'instance']) mkdirSync(at(folder));
  writeFileSync(at('bin/npm'), NPM);
  chmodSync(at('bin/npm'), 0o755);
  copyFileSync(join(BLUEPRINTS, 'SillyTavern.sh'), at('instance/launch.sh'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function launch(env: Record<string, string> = {}, ...own: string[]): { code: number | null; out: string } {
  const run = spawnSync('bash', ['launch.sh', ...own], {
    cwd: at('instance'),
    env: {
      PATH: `${at('bin')}:${process.env['PATH'] ?? ''}`,
      HOME: dir,
      AIKORE_FUNCTIONS: join(BLUEPRINTS, 'functions.sh'),
      INSTANCE_CONF_DIR: at('instance'),
      INSTANCE_OUTPUT_DIR: at('outputs'),
      WEBUI_PORT: '21000',
      ...env,
    },
    timeout: 20_000,
  });
  return { code: run.status, out: `${run.stdout.toString()}${run.stderr.toString()}` };
}

const installs = (): string[] =>
  readFileSync(at('npm.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').at(-1) ?? '');
const served = (out: string): unknown => JSON.parse(/SERVER (.*)/.exec(out)?.[1] ?? 'null') as unknown;

it('listens where it is told to, keeps what matters in the output folder, and leaves the sign-in to AiKore', () => {
  const { code, out } = launch({}, '--corsProxy', 'a b');
  expect(code).toBe(0);
  expect(out).toContain('step=Installing sillytavern@1.19.0');
  expect(served(out)).toEqual({
    arguments: [
      ...['--port', '21000', '--listen', 'false'],
      ...['--configPath', at('instance/config.yaml'), '--dataRoot', at('outputs'), '--corsProxy', 'a b'],
    ],
    settings: {
      SILLYTAVERN_ENABLEFORWARDEDWHITELIST: 'false',
      SILLYTAVERN_BROWSERLAUNCH_ENABLED: 'false',
      SILLYTAVERN_ENABLEKEEPALIVE: 'true',
    },
  });
});

it('installs once, and another version when one is chosen; extensions stay', () => {
  launch();
  writeFileSync(at('outputs/_extensions/mine.js'), '');
  expect(launch().out).not.toContain('Installing');
  expect(launch({ SILLYTAVERN_VERSION: '1.18.0' }).code).toBe(0);
  expect(installs()).toEqual(['sillytavern@1.19.0', 'sillytavern@1.18.0']);
  const link = at('instance/app/node_modules/sillytavern/public/scripts/extensions/third-party');
  expect(readlinkSync(link)).toBe(at('outputs/_extensions'));
  expect(existsSync(join(link, 'mine.js'))).toBe(true);
});

it('takes no half installation for a whole one, and keeps the old version when the new one cannot be had', () => {
  writeFileSync(at('offline'), '');
  expect(launch().code).not.toBe(0);
  expect(existsSync(at('instance/app'))).toBe(false);
  rmSync(at('offline'));
  expect(launch().code).toBe(0);
  writeFileSync(at('offline'), '');
  expect(launch({ SILLYTAVERN_VERSION: '2.0.0' }).code).not.toBe(0);
  expect(launch().out).toContain('SERVER');
});
