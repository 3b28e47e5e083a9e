import { opendir, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { PythonChoice, PythonChoices } from '../../../contracts/environment.js';
import { findProgram } from '../../../host/files/find-program.js';
import { runProgram } from '../../../host/processes/run-program.js';
import {
  PYTHON_QUESTION,
  mergePythons,
  plainVersion,
  readCondaInfo,
  readCondaPackages,
  readPythonAnswer,
  readUvList,
} from '../domain/python-output.js';

export interface PythonsParts {
  searchPath: string;
  /** What programs get that are asked. */
  env: Readonly<Record<string, string>>;
  /** Of the monotonic clock. */
  nowMs: () => number;
}

const FRESH_MS = 60_000;
const TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const PYTHON_NAME = /^python3(?:\.\d{1,3})?$/;
const MAX_PYTHONS = 40;
const MAX_CONDA_ENTRIES = 20_000;

/** Says which Pythons instances can be pinned to. Each is asked: that a program is there does not mean that it runs. */
export class PythonsService {
  private answer: Promise<PythonChoices> | null = null;
  private askedAtMs = 0;

  constructor(private readonly parts: PythonsParts) {}

  /** Kept for a minute; whoever asks meanwhile waits for the same answer. */
  list(): Promise<PythonChoices> {
    const nowMs = this.parts.nowMs();
    if (this.answer === null || nowMs - this.askedAtMs > FRESH_MS) {
      this.askedAtMs = nowMs;
      this.answer = this.ask();
    }
    return this.answer;
  }

  private async ask(): Promise<PythonChoices> {
    const [uv, conda] = await Promise.all([this.askUv(), this.askConda()]);
    const machine = await this.askMachine(uv.version !== null);
    const pythons = mergePythons([...machine, ...uv.pythons, ...conda.pythons]);
    return { pythons, uv: uv.version, conda: conda.version };
  }

  /** @param hasUv environments are made by uv then, which needs nothing of the Python but itself */
  private async askMachine(hasUv: boolean): Promise<PythonChoice[]> {
    const answers = await Promise.all(
      (await this.candidates()).map((program) => this.run(program, ['-I', '-c', PYTHON_QUESTION])),
    );
    return answers.flatMap((stdout): PythonChoice[] => {
      const python = stdout === null ? null : readPythonAnswer(stdout);
      if (python === null || !(python.makesEnvironments || hasUv)) return [];
      return [{ version: python.version, source: 'machine', is_present: true }];
    });
  }

  private async candidates(): Promise<string[]> {
    const folders = new Set(this.parts.searchPath.split(delimiter).filter((folder) => folder !== ''));
    const found: string[] = [];
    for (const folder of folders) {
      const names = await readdir(folder).catch(() => []);
      found.push(...names.filter((name) => PYTHON_NAME.test(name)).map((name) => join(folder, name)));
    }
    return found.slice(0, MAX_PYTHONS);
  }

  private async askUv(): Promise<{ version: string | null; pythons: PythonChoice[] }> {
    const uv = findProgram(this.parts.searchPath, 'uv');
    if (uv === null) return { version: null, pythons: [] };
    const list = ['python', 'list', '--managed-python', '--no-config', '--output-format', 'json'];
    const [version, listed] = await Promise.all([this.run(uv, ['--version']), this.run(uv, list)]);
    if (version === null) return { version: null, pythons: [] };
    return { version: plainVersion(version), pythons: listed === null ? [] : readUvList(listed) };
  }

  private async askConda(): Promise<{ version: string | null; pythons: PythonChoice[] }> {
    const conda = findProgram(this.parts.searchPath, 'conda');
    const stdout = conda === null ? null : await this.run(conda, ['info', '--json']);
    const info = stdout === null ? null : readCondaInfo(stdout);
    if (info === null) return { version: null, pythons: [] };
    const names = await Promise.all(info.folders.map(namesIn));
    return { version: info.version, pythons: readCondaPackages(names.flat()) };
  }

  /** @returns null when it could not be asked */
  private async run(program: string, args: readonly string[]): Promise<string | null> {
    const { env } = this.parts;
    const limits = { timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
    const { ending, exitCode, stdout } = await runProgram({ program, args, env, ...limits });
    return ending === 'ended' && exitCode === 0 ? stdout : null;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      names.push(name);
      if (names.length === MAX_CONDA_ENTRIES) break;
    }
  } catch {
    // conda names folders that it has not made yet.
  }
  return names;
}
