/** What `aikore_step` prints, invisible in a terminal: an operating system command of our own number. */
const STEP = /\u001b\]977;step=([^\u0007\u001b]{1,400})(?:\u0007|\u001b\\)/g;
const MAX_STEP_LENGTH = 120;

/** The step announced last in a piece of output; null when none is. */
export function newestStep(output: string): string | null {
  const last = [...output.matchAll(STEP)].pop()?.[1];
  if (last === undefined) return null;
  const text = last.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  return text === '' ? null : text.slice(0, MAX_STEP_LENGTH);
}
