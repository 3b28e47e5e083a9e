/**
 * Answers of a terminal to questions in its output: device attributes and status, cursor position, modes, window size (CSI),
 * colours (OSC) and DCS reports. xterm, "Control Sequences", sections on DA, DSR, DECRQM, DECRQSS and OSC 4, 10–12.
 */
const ANSWER = /^(?:\x1b\[[?>=]?[\d;]*(?:\$y|[cnRtu])|\x1b[\]P_^][^]+)$/;

/** Longer ones do not exist; a paste is not searched. */
const MOST_BYTES = 1024;

/** Whether a message of a viewer is its screen's answer and nothing that a person typed. */
export function isScreenAnswer(message: Buffer): boolean {
  return message[0] === 0x1b && message.length <= MOST_BYTES && ANSWER.test(message.toString('latin1'));
}
