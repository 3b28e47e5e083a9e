import { setVariable } from './known-failure.js';
import type { KnownFailure } from './known-failure.js';

const WHERE = String.raw`line (?<line>\d{1,6}): `;

/** What bash says of the script itself. */
export const shellFailures: readonly KnownFailure[] = [
  {
    code: 'script_has_windows_line_ends',
    patterns: [
      /\$'[^']{0,200}\\r'?: (?:command not found|No such file or directory)/,
      /syntax error near unexpected token `\$'[^']{0,80}\\r''/,
      /\^M: bad interpreter|^: invalid option name/,
    ],
    message:
      'The script has Windows line ends, which bash does not understand. Save it with Unix line ends (in a terminal: sed -i "s/\\r$//" launch.sh).',
  },
  {
    code: 'script_syntax_error',
    patterns: [
      new RegExp(
        `${WHERE}(?:syntax error|unexpected EOF while looking for matching|conditional binary operator expected)`,
      ),
    ],
    message: ({ line }) =>
      `The script cannot be read: bash found a syntax error at line ${line}. Often a quote, a “fi” or a “done” is missing before it.`,
  },
  {
    code: 'variable_not_set',
    patterns: [
      new RegExp(`${WHERE}(?<name>[A-Za-z_]\\w{0,100}): (?:unbound variable|parameter null or not set)`),
    ],
    message: ({ name, line }) =>
      `The script uses ${name} in line ${line}, and nothing has set it. Set it among the instance’s variables, or give it a default in the script.`,
    remedies: ({ name }) => (name ? [setVariable(name)] : []),
  },
  {
    code: 'wrong_architecture',
    patterns: [/cannot execute binary file|Exec format error/],
    message:
      'A program was built for another kind of processor than this machine’s. Install the build for this one.',
  },
  {
    code: 'command_not_found',
    patterns: [
      new RegExp(`${WHERE}(?:exec: )?(?<command>[^:]{1,200}): (?:command )?not found$`),
      /^(?:\/bin\/)?(?:ba|da)?sh: \d{1,6}: (?:exec: )?(?<command>[^:]{1,200}): not found$/,
      /env: ‘(?<command>[^’]{1,100})’: No such file or directory/,
      /FileNotFoundError: \[Errno 2\] No such file or directory: '(?<command>[\w.+-]{1,60})'$/,
      /spawn (?<command>[\w.+-]{1,60}) ENOENT/,
    ],
    message: ({ command }) =>
      `The program “${command}” was not found. Install it on the machine, or correct the script; if it belongs to the environment, rebuild that.`,
    remedies: [{ action: 'rebuild', label: 'Rebuild the environment' }],
  },
  {
    code: 'file_missing',
    patterns: [
      new RegExp(`${WHERE}(?:cd: |exec: |source: |\\.: )?(?<path>[^:]{1,300}): No such file or directory`),
      /^bash: (?<path>[^:]{1,300}): No such file or directory$/,
      /FileNotFoundError: \[Errno 2\] No such file or directory: '(?<path>[^']{1,300})'/,
      /ENOENT: no such file or directory, \w{1,20} '(?<path>[^']{1,300})'/,
    ],
    message: ({ path }) =>
      `${path} is not there. An earlier step may have failed to make it, or the application moved it in an update.`,
  },
];
