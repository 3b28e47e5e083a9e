/** CSI and OSC sequences and the two-byte escapes of ECMA-48; an unfinished one at the end goes too. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_]|$)/g;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Terminal output without escape sequences and controls. */
export function plainText(output: string): string {
  return output.replace(ESCAPES, '').replace(CONTROLS, '');
}

/** A line of a log can be a gigabyte; what is shown of one is not. */
const MAX_LINE_LENGTH = 2000;

/**
 * The last lines of a terminal's output as plain text: escape sequences gone, of a line that was overwritten with
 * carriage returns (a progress bar) the last state, long lines cut.
 */
export function lastPlainLines(output: string, count: number): string[] {
  const lines = output
    .replace(ESCAPES, '')
    .split('\n')
    .map((line) => lastState(line).replace(CONTROLS, '').trimEnd())
    .filter((line) => line !== '');
  return lines
    .slice(-count)
    .map((line) => (line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}…` : line));
}

function lastState(line: string): string {
  return line.replace(/\r+$/, '').split('\r').pop() ?? '';
}
