/**
 * Answers that a terminal gives to questions in its output: device attributes and status, cursor position, modes, window
 * size (CSI), colours (OSC), and DCS reports. xterm, "Control Sequences", sections on DA, DSR, DECRQM, DECRQSS and OSC 4, 10–12.
 */
const ANSWER = /^(?:\x1b\[[?>=]?[\d;]*(?:\$y|[cnRtu])|\x1b[\]P_^][^]+)$/;

/** Whether what the screen wants to send is such an answer and not a key. */
export function isScreenAnswer(data: string): boolean {
  return ANSWER.test(data);
}
