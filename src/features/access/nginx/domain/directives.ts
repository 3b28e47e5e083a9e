/** A directive of NGINX's configuration; with `children` it is a block. */
export interface Directive {
  name: string;
  args: readonly string[];
  children: readonly Directive[] | null;
}

/** `name arg arg;` */
export function directive(name: string, ...args: (string | number)[]): Directive {
  return { name, args: args.map(String), children: null };
}

/** `name arg arg { … }` */
export function block(name: string, args: readonly string[], children: readonly Directive[]): Directive {
  return { name, args, children };
}

/** `map <of> <to> { … }`; pairs are tried in order, expressions begin with `~`. */
export function map(of: string, to: string, pairs: readonly (readonly [string, string])[]): Directive {
  return block(
    'map',
    [of, to],
    pairs.map(([pattern, value]) => directive(pattern, value)),
  );
}

/** What needs no quotes. Everything else gets them, so that no value can end a directive or a block. */
const PLAIN = /^[A-Za-z0-9_./:$@*=()-]+$/;

function argument(text: string): string {
  // A NUL ends the file for NGINX, whatever follows.
  if (text.includes('\0')) throw new TypeError('a configuration holds no NUL');
  if (PLAIN.test(text)) return text;
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped.replaceAll('\t', '\\t')}"`;
}

/** The text of a configuration. */
export function renderDirectives(directives: readonly Directive[], indent = ''): string {
  return directives.map((each) => renderOne(each, indent)).join('');
}

function renderOne({ name, args, children }: Directive, indent: string): string {
  const head = [name, ...args].map(argument).join(' ');
  if (children === null) return `${indent}${head};\n`;
  return `${indent}${head} {\n${renderDirectives(children, `${indent}  `)}${indent}}\n`;
}
