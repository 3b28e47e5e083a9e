import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/ports.js';
import { waitFor } from '../support/wait.js';

const BLUEPRINTS = resolve('blueprints');

let dir: string;
const at = (...names: string[]): string => join(dir, ...names);

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "aikore don't-")));
  mkdirSync(at('instance'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function environment(env: Record<string, string>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    AIKORE_FUNCTIONS: join(BLUEPRINTS, 'functions.sh'),
    AIKORE_MODELS_DIR: at('models'),
    INSTANCE_CONF_DIR: at('instance'),
    INSTANCE_OUTPUT_DIR: at('outputs'),
    WEBUI_PORT: '21000',
    ...env,
  };
}

/** A start that ends by itself, without the network being asked. */
function launch(blueprint: string, env: Record<string, string> = {}): { code: number | null; out: string } {
  copyFileSync(join(BLUEPRINTS, `${blueprint}.sh`), at('instance/launch.sh'));
  const run = spawnSync('bash', ['launch.sh'], {
    cwd: at('instance'),
    env: environment(env),
    timeout: 30_000,
  });
  return { code: run.status, out: `${run.stdout.toString()}${run.stderr.toString()}` };
}

const GRADIO_REPOSITORY = { GRADIOAPP_REPOSITORY: 'https://huggingface.co/spaces/a/b' };

describe('a blueprint says what is missing or wrong, and does nothing else', () => {
  it.each([
    ['GradioApp', {}, 'GRADIOAPP_REPOSITORY'],
    ['GradioApp', { GRADIOAPP_REPOSITORY: 'ext::sh -c touch% owned' }, 'is not the address of a repository'],
    [
      'GradioApp',
      { GRADIOAPP_REPOSITORY: '--upload-pack=touch owned' },
      'is not the address of a repository',
    ],
    ['GradioApp', { ...GRADIO_REPOSITORY, GRADIOAPP_ENTRY: '../../owned.py' }, 'files inside the repository'],
    ['GradioApp', { ...GRADIO_REPOSITORY, GRADIOAPP_ENTRY: '-c' }, 'files inside the repository'],
    [
      'GradioApp',
      { ...GRADIO_REPOSITORY, GRADIOAPP_REQUIREMENTS: '/etc/passwd' },
      'files inside the repository',
    ],
    ['GradioApp', { ...GRADIO_REPOSITORY, GRADIOAPP_PYTHON: '3.11; touch owned' }, 'is a version of Python'],
    ['LlamaCpp', {}, 'LLAMA_MODEL'],
    ['LlamaCpp', { LLAMA_MODEL: 'none.gguf' }, 'There is no model'],
    ['LlamaCpp', { LLAMA_MODEL: '/etc/hostname', LLAMA_VERSION: '../../x' }, 'is a release of llama.cpp'],
    ['LlamaCpp', { LLAMA_MODEL: '/etc/hostname', LLAMA_BACKEND: 'abacus' }, 'LLAMA_BACKEND is'],
    ['Ollama', { OLLAMA_VERSION: 'latest/../../x' }, 'is a release of Ollama'],
    ['LMStudio', { LMSTUDIO_VERSION: '$(touch owned)' }, 'is a release of LM Studio'],
    ['DesktopProgram', {}, 'No program is chosen'],
    ['DesktopProgram', { DESKTOP_COMMAND: 'xterm "open' }, 'a quote without its partner'],
    ['DesktopProgram', { DESKTOP_COMMAND: 'no-such-program $(touch owned)' }, 'is missing on this machine'],
    ['DesktopProgram', { DESKTOP_URL: 'https://example.org/a.deb' }, 'must lead to an AppImage'],
    ['DesktopProgram', { DESKTOP_URL: '-o/tmp/owned.zip' }, 'is not an address'],
  ])('%s with %j', (blueprint, env, sentence) => {
    const { code, out } = launch(blueprint, env);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining(sentence) });
    expect([at('owned'), at('instance/owned'), at('outputs/owned')].some(existsSync)).toBe(false);
  });

  it('lists the models that there are', () => {
    mkdirSync(at('models/llm/more'), { recursive: true });
    writeFileSync(at('models/llm/more/small model.gguf'), '');
    expect(launch('LlamaCpp').out).toContain('more/small model.gguf');
  });

  it('takes no archive whose sum is another, and keeps nothing of it', () => {
    writeFileSync(at('program.zip'), 'not what was promised');
    const { code, out } = launch('DesktopProgram', {
      DESKTOP_URL: `file://${at('program.zip').replaceAll(' ', '%20').replaceAll("'", '%27')}`,
      DESKTOP_SHA256: 'ab'.repeat(32),
    });
    expect(code).toBe(1);
    expect(out).toContain('should be abab');
    expect(existsSync(at('instance/app'))).toBe(false);
  });
});

it('the empty blueprint shows its page, with what the user wrote as text', async () => {
  const port = await freePort();
  copyFileSync(join(BLUEPRINTS, 'empty.sh'), at('instance/launch.sh'));
  const child = spawn('bash', ['launch.sh'], {
    cwd: at('instance'),
    env: environment({ WEBUI_PORT: String(port), EMPTY_GREETING: '<script>alert("&amp;")</script>' }),
    stdio: 'ignore',
  });
  try {
    const page = await waitFor('it answers', () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        (answer) => answer.text(),
        () => null,
      ),
    );
    expect(page).toContain('<h1>&lt;script>alert("&amp;amp;")&lt;/script></h1>');
    expect(page).toContain(`here ${port}`);
  } finally {
    child.kill();
    await waitFor('it has ended', () => child.exitCode !== null || child.signalCode !== null);
  }
});
