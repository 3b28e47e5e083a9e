import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const COMMON = readFileSync(join(import.meta.dirname, 'strict_app.py'), 'utf8');

/** A program that takes exactly the command line of the real one. */
export interface StrictProgram {
  /** As it calls itself. */
  name: string;
  /**
   * All options of the real program, one a line: `-l, --listen [TEXT]`, `--port INT`, `--cpu`, `--mode {a,b}`,
   * `--path FILE...`; `[…]` for a value that may be left out, `...` for several, ` !` behind a required one,
   * `command:{run,stop}` for a word without dashes. Kinds: INT, FLOAT, TEXT, FOLDER and FILE (which must be there).
   */
  options: string;
  /**
   * Where its address comes from, the first that says something: `--option`, the name of an environment variable, or
   * `=127.0.0.1` for what the real one takes by itself. A bare `--listen` means all addresses.
   */
  host?: readonly string[];
  /** Likewise. */
  port?: readonly string[];
  /** Where the prefix comes from that it serves below, for those that keep it. */
  prefix?: readonly string[];
  /** What it answers with 200; anything else is 404. */
  pages?: readonly string[];
  /** Python modules that it cannot do without. */
  needs?: readonly string[];
  /** Environment variables that it cannot do without. */
  environment?: readonly string[];
  /** The package whose version says what was installed; absent: the checkout that the program lies in. */
  distribution?: string;
  /** Where that checkout is, seen from the folder that it runs in; absent: the program lies in it. */
  revisionBelow?: string;
  /** It does its work and ends where one of these has been given, such as `{ command: 'build' }`. */
  ends?: Readonly<Record<string, string>>;
  /** false: a program with windows, which listens nowhere. */
  serves?: boolean;
}

/** The program's text, to be put into a repository, a package or an archive. @param shebang to be run by itself */
export function strictProgram(program: StrictProgram, shebang = '#!/usr/bin/env python3'): string {
  const spec = {
    host: [],
    port: [],
    prefix: [],
    pages: ['/'],
    needs: [],
    environment: [],
    ends: {},
    serves: true,
    ...program,
  };
  // A JSON text is a Python literal, too.
  return `${shebang}\nimport json\n\nSPEC = json.loads(${JSON.stringify(JSON.stringify(spec))})\n${COMMON}`;
}
