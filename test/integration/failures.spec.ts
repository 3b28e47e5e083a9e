import { beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import type { Instance, Run } from '../../src/contracts/instance.js';
import { gpuCases } from '../fixtures/failures/gpu.js';
import { modelCases } from '../fixtures/failures/models.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { SERVES, createInline } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

async function failed(script: string): Promise<Instance> {
  const { id } = await createInline(aikore, script);
  await aikore.api.command(id, 'start');
  return aikore.api.reaches(id, 'error', 30_000);
}

const printed = (log: string, exitCode: number): string => `cat <<'END'\n${log}\nEND\nexit ${exitCode}`;

describe('a run that fails for a known reason', () => {
  it.each([
    ['a missing Python module', 'python3 -c "import no_such_module"', 'python_module_missing', 'rebuild'],
    ['a missing program', 'no-such-program --serve', 'command_not_found', 'rebuild'],
    ['a variable that nobody set', 'set -u\necho "$NEEDED_TOKEN"', 'variable_not_set', 'set_variable'],
    [
      'a port that is taken',
      `node -e 'const { createServer } = require("node:http");
        const port = Number(process.env.WEBUI_PORT);
        createServer().listen(port, "127.0.0.1", () => createServer().listen(port, "127.0.0.1"));'`,
      'port_in_use',
      'change_port',
    ],
    ['a folder that is no checkout', 'cd / && git status', 'git_not_a_repository', null],
    ['a file with Windows line ends', "bash <(printf 'true\\r\\n')", 'script_has_windows_line_ends', null],
    ['the memory of a GPU', printed(gpuCases[0]?.log ?? '', 1), 'cuda_out_of_memory', 'choose_gpu'],
    ['a gated model', printed(modelCases[0]?.log ?? '', 1), 'model_gated', 'set_variable'],
  ])('says so: %s', async (_what, script, code, action) => {
    const instance = await failed(script);
    expect(instance.failure).toMatchObject({ code, remedies: action === null ? [] : [{ action }] });
    expect(instance.evidence.length).toBeGreaterThan(0);
    expect(instance.evidence.length).toBeLessThanOrEqual(20);
    expect(instance.status_reason).toContain(`exit code ${instance.exit_code}`);
    expect((await aikore.api.instances()).find(({ id }) => id === instance.id)?.failure).toEqual(
      instance.failure,
    );
  });

  it('is not guessed at', async () => {
    expect(await failed('echo "something of its own"; exit 4')).toMatchObject({
      exit_code: 4,
      failure: null,
      evidence: ['something of its own'],
    });
  });

  it('is forgotten when it runs again', async () => {
    const { id, name } = await createInline(
      aikore,
      `[[ -e mended ]] || { echo "ModuleNotFoundError: No module named 'x'"; exit 1; }\n${SERVES}`,
    );
    await aikore.api.command(id, 'start');
    expect((await aikore.api.reaches(id, 'error')).failure?.code).toBe('python_module_missing');
    writeFileSync(aikore.home(name, 'mended'), '');
    expect((await aikore.api.command(id, 'start')).failure).toBeNull();
    expect(await aikore.api.reaches(id, 'started')).toMatchObject({ failure: null, evidence: [] });
    rmSync(aikore.home(name, 'mended'));
    expect(await aikore.api.shutDown(id)).toMatchObject({ failure: null, evidence: [] });
  });
});

describe('a run that a signal ends', () => {
  it('is nobody’s fault when it was asked to end from outside, whatever it printed', async () => {
    const { id } = await createInline(aikore, `echo "ModuleNotFoundError: No module named 'x'"\n${SERVES}`);
    const { pid } = await aikore.api.startUp(id);
    process.kill(pid ?? 0, 'SIGTERM');
    expect(await aikore.api.reaches(id, 'error')).toMatchObject({
      exit_signal: 'SIGTERM',
      status_reason: 'It was ended from outside by SIGTERM.',
      failure: null,
    });
  });

  it('has crashed when the kernel ended it for a fault of its own', async () => {
    const instance = await failed('kill -SEGV $$');
    expect(instance).toMatchObject({ exit_signal: 'SIGSEGV', failure: { code: 'crashed' } });
    expect(instance.status_reason).toMatch(/^It crashed with SIGSEGV/);
  });

  it('is told by the exit code of a script whose program was ended', async () => {
    const killed = await failed('python3 -c "import os; os.kill(os.getpid(), 9)"\nexit $?');
    expect(killed).toMatchObject({ exit_code: 137, exit_signal: null });
    // Null where the kernel counts such kills and has counted none meanwhile.
    expect(killed.failure?.code ?? 'killed').toMatch(/^(killed|out_of_memory)$/);
    expect(killed.status_reason).toMatch(/exit code 137: a program of it was .*killed/);
    const aborted = await failed('python3 -c "import os; os.abort()"\nexit $?');
    expect(aborted).toMatchObject({ exit_code: 134, failure: { code: 'aborted' } });
  });
});

describe('a failure while no AiKore looked', () => {
  it('is known after its start, and after the next one', async () => {
    const own = await lab.start();
    const { id } = await createInline(
      own,
      `sleep 1.5; echo "OSError: [Errno 28] No space left on device" >&2; exit 1`,
    );
    await own.api.command(id, 'start');
    await waitFor('it runs', async () => (await own.api.instance(id)).pid !== null);
    await own.signal('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    for (let round = 0; round < 2; round += 1) {
      const again = await lab.start({}, own.dataDir);
      expect(await again.api.instance(id)).toMatchObject({
        status: 'error',
        exit_code: 1,
        failure: { code: 'disk_full' },
      });
      const [run] = await again.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
      expect(run?.reason).toBe('It ended with exit code 1.');
      await again.stop();
    }
  });
});
