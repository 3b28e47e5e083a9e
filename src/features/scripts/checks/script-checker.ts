import type { OnModuleDestroy } from '@nestjs/common';
import type { ScriptCheck, ScriptFinding } from '../../../contracts/script.js';
import { AppError } from '../../../core/errors.js';
import { Turnstile } from '../../../core/turnstile.js';
import { runProgram } from '../../../host/processes/run-program.js';
import type { ProgramOutcome } from '../../../host/processes/run-program.js';
import { checkMetadata, toScriptContent } from '../../blueprints/blueprints.api.js';
import { readBashMessages } from '../domain/bash-messages.js';
import { Lines } from '../domain/lines.js';
import { readShellCheck } from '../domain/shellcheck-output.js';
import { tooLarge } from '../script-file.js';

export interface ScriptCheckerOptions {
  /** Path of ShellCheck; null: not installed. */
  shellCheck: string | null;
  searchPath: string;
}

const WIDTH = 2;
const MAX_WAITING = 20;
const BASH_TIMEOUT_MS = 5000;
/** A thousand lines take half a second. */
const SHELLCHECK_TIMEOUT_MS = 10_000;
/** Beyond that ShellCheck takes longer than anybody waits. */
const MAX_SHELLCHECK_LENGTH = 256 * 1024;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
/** What a file sources is not looked at: it lies elsewhere, or is AiKore's own. */
const NOT_FOLLOWED = 'SC1090,SC1091';
/**
 * The first argument is the program, which gets the rest: with a limit on its memory (kilobytes), because some texts make
 * checkers take all there is, and behind everything else that wants the processor. What Node gives it to read is a socket,
 * which bash cannot open by the name /dev/stdin.
 */
const LIMITED = 'ulimit -v 1048576 -c 0 2>/dev/null; renice -n 10 $$ >/dev/null 2>&1; cat | "$0" "$@"';
/** bash ends with 1 or 2 when it finds something; more is a signal, or that it could not begin. */
const MAX_VERDICT = 2;

/** Says what is wrong with a script, without ever running any of it. */
export class ScriptChecker implements OnModuleDestroy {
  private readonly turnstile = new Turnstile(WIDTH, MAX_WAITING);
  private readonly ending = new AbortController();

  constructor(private readonly options: ScriptCheckerOptions) {}

  /**
   * @param signal aborted: nobody waits for the answer any more
   * @throws AppError `invalid` and `too_large` as a save would; `rate_limited` when too many wait already
   */
  async check(content: string, signal: AbortSignal): Promise<ScriptCheck> {
    if (this.turnstile.isFull) throw tooMany();
    // As it would be stored, or lines would be counted otherwise.
    const { bytes, notes } = toScriptContent(content, tooLarge);
    const text = bytes.toString('utf8');
    const ended = AbortSignal.any([signal, this.ending.signal]);
    const check = await this.turnstile.run(() => this.checkNow(text, ended), ended);
    if (check === null) return { findings: [], notes };
    return { findings: inOrder(check.findings), notes: [...notes, ...check.notes] };
  }

  /** AiKore ends: nothing waits for checks. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  private async checkNow(text: string, signal: AbortSignal): Promise<ScriptCheck> {
    const bash = await this.runBash(text, signal);
    const shellCheck = await this.runShellCheck(text, signal);
    return {
      findings: [...metadataFindings(text), ...bash.findings, ...shellCheck.findings],
      notes: [...bash.notes, ...shellCheck.notes],
    };
  }

  private async runBash(text: string, signal: AbortSignal): Promise<ScriptCheck> {
    // Since nothing is run, `shopt -s extglob` has no effect and its patterns would count as errors.
    const dialect = /\bextglob\b/.test(text) ? ['-O', 'extglob'] : [];
    const outcome = await this.limited(
      'bash',
      [...dialect, '-n', '/dev/stdin'],
      text,
      BASH_TIMEOUT_MS,
      signal,
    );
    const findings = readBashMessages(outcome.stderr, text);
    const hasJudged = outcome.ending === 'ended' && (outcome.exitCode ?? Infinity) <= MAX_VERDICT;
    return {
      findings,
      notes: hasJudged || signal.aborted ? [] : ['bash could not come to an end with this script.'],
    };
  }

  private async runShellCheck(text: string, signal: AbortSignal): Promise<ScriptCheck> {
    const { shellCheck } = this.options;
    if (shellCheck === null) return { findings: [], notes: [] };
    if (text.length > MAX_SHELLCHECK_LENGTH)
      return {
        findings: [],
        notes: ['The script is too long for ShellCheck; only its grammar was checked.'],
      };
    const args = ['--norc', '-f', 'json1', '-s', 'bash', '-e', NOT_FOLLOWED, '-'];
    const outcome = await this.limited(shellCheck, args, text, SHELLCHECK_TIMEOUT_MS, signal);
    const findings = outcome.ending === 'ended' ? readShellCheck(outcome.stdout, text) : null;
    if (findings !== null) return { findings, notes: [] };
    return {
      findings: [],
      notes: signal.aborted ? [] : ['ShellCheck could not come to an end with this script.'],
    };
  }

  private limited(
    program: string,
    args: readonly string[],
    text: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<ProgramOutcome> {
    return runProgram({
      program: 'bash',
      args: ['-c', LIMITED, program, ...args],
      env: { PATH: this.options.searchPath, LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
      input: Buffer.from(text, 'utf8'),
      timeoutMs,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      signal,
    });
  }
}

function metadataFindings(text: string): ScriptFinding[] {
  const lines = new Lines(text);
  return checkMetadata(text).map(({ line, level, message }) => ({
    line: lines.clamp(line),
    column: lines.startOf(line),
    end_line: lines.clamp(line),
    end_column: lines.endOf(line),
    level,
    code: 'METADATA',
    message,
  }));
}

function inOrder(findings: ScriptFinding[]): ScriptFinding[] {
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

function tooMany(): AppError {
  return new AppError(
    'rate_limited',
    'TOO_MANY_CHECKS',
    'Too many scripts are being checked at the moment. Try again in a few seconds.',
    { retry_after_seconds: 5 },
  );
}
