import type { ScriptFinding } from '../../../contracts/script.js';
import { Lines } from './lines.js';

/** What `bash -n /dev/stdin` prints in the C locale. */
const MESSAGE = /^\/dev\/stdin: line (\d{1,9}): (.+)$/;
/** After an error bash shows the line that it stopped at. */
const QUOTED_LINE = /^`.*'?$/;
const WARNING = /^warning: /;
const MAX_MESSAGE_LENGTH = 500;

/** Turns what bash says of a script's grammar into findings. */
export function readBashMessages(stderr: string, script: string): ScriptFinding[] {
  const lines = new Lines(script);
  return stderr.split('\n').flatMap((text) => {
    const [, lineText = '', message = ''] = MESSAGE.exec(text) ?? [];
    if (lineText === '' || QUOTED_LINE.test(message)) return [];
    const line = lines.clamp(Number(lineText));
    const isWarning = WARNING.test(message);
    return [
      {
        line,
        column: lines.startOf(line),
        end_line: line,
        end_column: lines.endOf(line),
        level: isWarning ? ('warning' as const) : ('error' as const),
        code: 'BASH_SYNTAX',
        message: `bash: ${message.replace(WARNING, '')}`.slice(0, MAX_MESSAGE_LENGTH),
      },
    ];
  });
}
