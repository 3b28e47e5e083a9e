import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { UnclosedQuote, launchArgsProblem, splitLaunchArgs } from './launch-args.js';

describe('splitting launch arguments', () => {
  const cases: [string, string[]][] = [
    ['', []],
    ['   \t\n ', []],
    ['--a --b', ['--a', '--b']],
    ['  --a   b  ', ['--a', 'b']],
    [`"two words" 'and three more'`, ['two words', 'and three more']],
    [`--name="x y"'z'`, ['--name=x yz']],
    [`"" ''`, ['', '']],
    [`a"" b`, ['a', 'b']],
    ['back\\ slash \\"q\\" \\\\', ['back slash', '"q"', '\\']],
    [`"in \\" and \\\\ and \\n"`, ['in " and \\ and \\n']],
    [`'no \\ escape'`, ['no \\ escape']],
    [
      '$HOME *.py ; | & > $(id) `id` ~ {a,b}',
      ['$HOME', '*.py', ';', '|', '&', '>', '$(id)', '`id`', '~', '{a,b}'],
    ],
    ['line\nbreak', ['line', 'break']],
    ['trailing\\', ['trailing\\']],
    ['世界 "🙂 🙃"', ['世界', '🙂 🙃']],
  ];
  it.each(cases)('%j', (text, args) => expect(splitLaunchArgs(text)).toEqual(args));

  it.each([`"`, `'`, `a "b`, `a 'b "c"`, `"a\\"`])('refuses %j', (text) => {
    expect(() => splitLaunchArgs(text)).toThrow(UnclosedQuote);
    expect(launchArgsProblem(text)).toMatch(/quote is not closed/);
  });

  it('gives back any arguments that were quoted as a shell quotes them', () => {
    const quote = (arg: string) => `'${arg.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (args) => {
        expect(splitLaunchArgs(args.map(quote).join(' '))).toEqual(args);
      }),
    );
  });

  it('agrees with bash where nothing is expanded', () => {
    const plain = fc.constantFrom('a', 'b', ' ', '"', "'", '\\', '-', '=', ',', '\t');
    fc.assert(
      fc.property(
        fc.array(plain, { maxLength: 14 }).map((signs) => signs.join('')),
        (text) => {
          // In front of the end of the text bash waits for another line.
          fc.pre(launchArgsProblem(text) === null && !text.endsWith('\\'));
          const script = `printf '%s\\0' x ${text}`;
          const said = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(1, -1);
          expect(splitLaunchArgs(text)).toEqual(said);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('launch arguments', () => {
  it('have a longest length and hold no NUL', () => {
    expect(launchArgsProblem('x'.repeat(8192))).toBeNull();
    expect(launchArgsProblem('x'.repeat(8193))).toMatch(/8192/);
    expect(launchArgsProblem('a\0b')).toMatch(/NUL/);
  });
});
