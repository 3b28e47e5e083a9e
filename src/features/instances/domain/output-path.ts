/** A segment of a path below `outputs/`. */
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9 _.-]{0,63}$/;
const MAX_SEGMENTS = 8;

/**
 * Checks the folder below `outputs/` that an instance writes to, such as `comfy` or `team/comfy`.
 * @returns a sentence that says what is wrong, or null
 */
export function outputPathProblem(path: string): string | null {
  const segments = path.split('/');
  if (segments.length > MAX_SEGMENTS) return `The output path has at most ${MAX_SEGMENTS} folders.`;
  if (segments.every((segment) => SEGMENT.test(segment) && !/[ .]$/.test(segment))) return null;
  return 'The output path is a folder below outputs/, made of letters, digits, spaces and _ - . such as team/comfy.';
}
