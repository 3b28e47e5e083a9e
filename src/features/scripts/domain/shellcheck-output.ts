import type { FindingLevel, ScriptFinding } from '../../../contracts/script.js';
import { Lines } from './lines.js';

const LEVELS: readonly string[] = ['error', 'warning', 'info', 'style'] satisfies FindingLevel[];
const MAX_FINDINGS = 500;
const MAX_MESSAGE_LENGTH = 1000;

/**
 * Reads the answer of `shellcheck -f json1` (github.com/koalaman/shellcheck/wiki/Integration: lines and columns from 1,
 * a tab is one column, a character beyond the first plane too).
 * @returns null for anything else
 */
export function readShellCheck(stdout: string, script: string): ScriptFinding[] | null {
  const comments = commentsOf(stdout);
  if (comments === null) return null;
  const lines = new Lines(script);
  return comments.slice(0, MAX_FINDINGS).flatMap((comment) => readComment(comment, lines) ?? []);
}

function commentsOf(stdout: string): unknown[] | null {
  try {
    const { comments } = JSON.parse(stdout) as { comments?: unknown };
    return Array.isArray(comments) ? comments : null;
  } catch {
    return null;
  }
}

function readComment(comment: unknown, lines: Lines): ScriptFinding | null {
  if (typeof comment !== 'object' || comment === null) return null;
  const fields = comment as Record<string, unknown>;
  const { level, code, message } = fields;
  if (typeof level !== 'string' || typeof message !== 'string' || typeof code !== 'number') return null;
  const number = (name: string): number => (typeof fields[name] === 'number' ? fields[name] : 1);
  const line = lines.clamp(number('line'));
  const endLine = Math.max(line, lines.clamp(number('endLine')));
  return {
    line,
    column: lines.toUtf16(line, number('column')),
    end_line: endLine,
    end_column: lines.toUtf16(endLine, number('endColumn')),
    level: LEVELS.includes(level) ? (level as FindingLevel) : 'info',
    code: `SC${code}`,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    url: `https://www.shellcheck.net/wiki/SC${code}`,
  };
}
