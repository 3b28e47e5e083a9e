import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptCheck } from '../../src/contracts/script.js';
import type { SystemInfo } from '../../src/contracts/system.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const MIB = 1024 * 1024;
let aikore: AiKoreProcess;
let hasShellCheck = false;

beforeAll(async () => {
  aikore = await lab.start();
  const { capabilities } = await aikore.api.expect<SystemInfo>(200, 'GET', 'api/system/info');
  hasShellCheck = capabilities.find(({ name }) => name === 'ShellCheck')?.present ?? false;
});

const check = (content: string): Promise<ScriptCheck> =>
  aikore.api.expect(200, 'POST', 'api/scripts/check', { content });
const findings = async (content: string, code: string | RegExp) =>
  (await check(content)).findings.filter((finding) => new RegExp(code).test(finding.code));

const block = (...lines: string[]): string =>
  ['### AIKORE-METADATA-START ###', ...lines, '### AIKORE-METADATA-END ###', 'echo hello', ''].join('\n');

describe('a check of a script', () => {
  it('says nothing of a good one', async () => {
    const script = readFileSync(join(import.meta.dirname, '../../blueprints/Demo.sh'), 'utf8');
    expect(await check(script)).toEqual({ findings: [], notes: [] });
    expect(await check('')).toEqual({ findings: [], notes: [] });
  });

  it('finds what bash cannot read, where it is', async () => {
    expect(await findings('echo a\nfor x in 1; do\n  fi\n', 'BASH_SYNTAX')).toEqual([
      {
        line: 3,
        column: 3,
        end_line: 3,
        end_column: 5,
        level: 'error',
        code: 'BASH_SYNTAX',
        message: "bash: syntax error near unexpected token `fi'",
      },
    ]);
    expect(await findings('cat <<X\nä\n', 'BASH_SYNTAX')).toMatchObject([{ level: 'warning', line: 2 }]);
    expect(await findings('echo "never closed\n\n', 'BASH_SYNTAX')).toMatchObject([{ level: 'error' }]);
    expect(await findings('shopt -s extglob\nrm -- !(kept)\n', 'BASH_SYNTAX')).toEqual([]);
  });

  it('finds what ShellCheck finds, in columns of the editor', async () => {
    if (!hasShellCheck) return;
    const found = await findings('𝒳=1; echo "𝒳" $1\n', 'SC2086');
    expect(found).toMatchObject([{ line: 1, column: 17, end_column: 19, level: 'info', code: 'SC2086' }]);
    expect(found[0]?.url).toBe('https://www.shellcheck.net/wiki/SC2086');
    expect(await findings('source "$AIKORE_FUNCTIONS"\nsource ./env/bin/activate\n', 'SC109')).toEqual([]);
  });

  it('finds what is wrong with the metadata', async () => {
    const script = block(
      '# aikore.name = ok',
      '# aikore.probe = nonsense',
      '# aikore.gpu = 8',
      '# aikore.name = b',
    );
    expect(await findings(script, 'METADATA')).toMatchObject([
      {
        line: 3,
        column: 1,
        end_column: 26,
        level: 'warning',
        message: expect.stringContaining('"probe" must be'),
      },
      { line: 4, level: 'info', message: expect.stringContaining('"aikore.gpu"') },
      { line: 5, level: 'warning', message: expect.stringContaining('twice') },
    ]);
    expect(await findings('### AIKORE-METADATA-START ###\necho x\n', 'METADATA')).toMatchObject([
      { line: 1, message: expect.stringContaining('no end') },
    ]);
  });

  it('says what was tidied up, and counts lines as they will be stored', async () => {
    const { findings: found, notes } = await check('echo a\r\nfi\r\n');
    expect(notes).toEqual([expect.stringContaining('line ends')]);
    expect(found).toMatchObject([{ line: 2 }, ...found.slice(1)]);
  });

  it('runs nothing of it', async () => {
    const mark = join(lab.root, 'ran');
    await check(`touch '${mark}'\n$(touch '${mark}')\n: \${x:=$(touch '${mark}')}\n`);
    expect(existsSync(mark)).toBe(false);
  });
});

describe('a script that makes checkers despair', () => {
  it.each([
    ['brackets', '('.repeat(MIB)],
    ['substitutions', '$('.repeat(MIB / 2)],
    ['expansions', '${'.repeat(MIB / 2)],
    ['conditions', 'if true; then\n'.repeat(70_000)],
    ['one long line', `echo ${'a'.repeat(MIB - 10)}\n`],
    ['quotes', '"`'.repeat(100_000)],
    ['a message of bash about itself', "/dev/stdin: line 99999999999: x\n`'\n".repeat(1000)],
    ['control characters', '\u001b]0;x\u0007\u202e'.repeat(1000)],
  ])('such as %s gets an answer, and AiKore goes on', async (_what, content) => {
    const answer = await check(content);
    const lines = content.split('\n').length;
    for (const { line, end_line: end, column } of answer.findings) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(end).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
    }
    expect((await aikore.api.send('GET', 'api/status')).status).toBe(200);
  });

  it('is given up when nobody waits for it any more', async () => {
    if (!hasShellCheck) return;
    const gone = new AbortController();
    const request = fetch(new URL('api/scripts/check', aikore.dashboardUrl), {
      method: 'POST',
      headers: { authorization: 'Bearer test-token-0123456789abcdef', 'content-type': 'application/json' },
      body: JSON.stringify({ content: '"`'.repeat(100_000) }),
      signal: gone.signal,
    });
    const isChecking = () => processesMentioning('shellcheck\0--norc').length > 0;
    await waitFor('it is being checked', isChecking);
    gone.abort();
    await expect(request).rejects.toThrow();
    await waitFor('the checker has been ended', () => !isChecking(), 5000);
  });

  it('is refused when it is too long or no text', async () => {
    const send = async (body: unknown) => (await aikore.api.send('POST', 'api/scripts/check', body)).status;
    expect(await send({ content: 'x'.repeat(2 * MIB + 1) })).toBe(422);
    expect(await send({ content: 'x'.repeat(MIB + 1) })).toBe(413);
    expect(await send({ content: 'a\0b' })).toBe(422);
    expect(await send({})).toBe(422);
  });
});
