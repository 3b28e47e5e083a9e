import type { FindingLevel, ScriptFinding } from '../../../../src/contracts/script.js';
import type { CodeFinding } from '../../ui/code/code-editor.js';
import type { IconName } from '../../ui/icon.js';

const SEVERITIES: Record<FindingLevel, CodeFinding['severity']> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  style: 'hint',
};

/** What a finding's level is called, with its symbol and its meaning among the four of the page. */
export const LEVELS: Record<FindingLevel, { word: string; symbol: IconName; meaning: string }> = {
  error: { word: 'Error', symbol: 'status-error', meaning: 'failed' },
  warning: { word: 'Warning', symbol: 'warning', meaning: 'attention' },
  info: { word: 'Note', symbol: 'info', meaning: 'working' },
  style: { word: 'Style', symbol: 'info', meaning: 'quiet' },
};

/** A finding as the editor marks it. */
export function codeFinding(finding: ScriptFinding): CodeFinding {
  return {
    line: finding.line,
    column: finding.column,
    endLine: finding.end_line,
    endColumn: finding.end_column,
    severity: SEVERITIES[finding.level],
    source: finding.code,
    message: finding.message,
  };
}

/** The finding that follows a place, or comes before it; round the end. -1 when there is none. */
export function findingFrom(
  findings: readonly Pick<ScriptFinding, 'line' | 'column'>[],
  at: { line: number; column: number },
  step: 1 | -1,
): number {
  if (findings.length === 0) return -1;
  const isBehind = (finding: Pick<ScriptFinding, 'line' | 'column'>) =>
    finding.line > at.line || (finding.line === at.line && finding.column > at.column);
  const isBefore = (finding: Pick<ScriptFinding, 'line' | 'column'>) =>
    finding.line < at.line || (finding.line === at.line && finding.column < at.column);
  if (step === 1) return Math.max(0, findings.findIndex(isBehind));
  const found = findings.findLastIndex(isBefore);
  return found < 0 ? findings.length - 1 : found;
}
