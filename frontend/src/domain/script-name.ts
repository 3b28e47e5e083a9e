const LONGEST_STEM = 96;

/** What is wrong with the file name of a custom blueprint, as a sentence, or null. The server's rule, said while one types. */
export function blueprintFilenameProblem(filename: string): string | null {
  const stem = filename.replace(/\.sh$/, '');
  if (stem === '') return 'Give the blueprint a file name.';
  if (!filename.endsWith('.sh')) return 'A blueprint’s file name ends in “.sh”.';
  if (stem.length > LONGEST_STEM) {
    return `At most ${String(LONGEST_STEM)} characters before “.sh”; this has ${String(stem.length)}.`;
  }
  if (!/^[A-Za-z0-9 _.-]+$/.test(stem)) return 'Use letters A to Z, digits, space, “_”, “-” and “.” only.';
  if (!/^[A-Za-z0-9]/.test(stem)) return 'It must begin with a letter or digit.';
  if (filename.includes('..')) return 'It must not contain “..”.';
  if (filename.toLowerCase() === 'functions.sh')
    return '“functions.sh” is the name of the library that blueprints use.';
  return null;
}

/** `my idea` → `my idea.sh`: what is left out while one types a name. */
export function withScriptEnding(typed: string): string {
  const name = typed.trim();
  return name === '' || name.endsWith('.sh') ? name : `${name}.sh`;
}

/** A file name that no blueprint has yet, made of what a person calls it. */
export function freeFilename(wanted: string, taken: ReadonlySet<string>): string {
  const clean = wanted
    .replace(/\.sh$/, '')
    .replace(/[^A-Za-z0-9 _.-]+/g, ' ')
    .replace(/ {2,}|\.{2,}/g, ' ')
    .replace(/^[^A-Za-z0-9]+|[ .-]+$/g, '');
  const base = clean === '' ? 'My blueprint' : clean;
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : ` ${String(number)}`;
    const filename = `${base.slice(0, LONGEST_STEM - suffix.length)}${suffix}.sh`;
    if (!taken.has(filename)) return filename;
  }
}
