const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[ -/]*[0-~])/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const MAX_LINES = 20;
const MAX_LINE_CHARACTERS = 400;

/**
 * Log lines as plain text to show: terminal sequences removed, of a line that was overwritten with carriage returns
 * only what remained visible, and no characters that reorder or hide text.
 */
export function plainLines(lines: readonly string[]): string[] {
  return lines
    .slice(-MAX_LINES)
    .map((line) => lastFrame(line.slice(-8 * MAX_LINE_CHARACTERS)).slice(0, MAX_LINE_CHARACTERS));
}

function lastFrame(line: string): string {
  const frames = line.split('\r').filter((frame) => frame !== '' && frame !== '\n');
  return (frames.at(-1) ?? '').replace(ESCAPES, '').replace(CONTROLS, '').trimEnd();
}
