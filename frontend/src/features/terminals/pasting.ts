const LARGE_CHARACTERS = 5_000;

/**
 * Pasted text as it may reach a shell: line ends become returns, as the Return key sends them, and control characters are
 * left out. An escape in it could end the bracket that tells the shell that it is pasted, and what follows would run.
 */
export function cleanPaste(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r').replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '');
}

/** A question before something is pasted, or null when nothing speaks against it. */
export function pasteQuestion(cleaned: string, isBracketed: boolean): { title: string; text: string } | null {
  const lines = cleaned.replace(/\r+$/, '').split('\r').length;
  if (cleaned.length > LARGE_CHARACTERS) {
    const size = `${cleaned.length.toLocaleString('en')} characters in ${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}`;
    return { title: 'Paste this much?', text: `The clipboard holds ${size}.` };
  }
  if (isBracketed || (lines === 1 && !cleaned.endsWith('\r'))) return null;
  return {
    title: lines === 1 ? 'Paste and run this line?' : `Paste ${String(lines)} lines?`,
    text: 'The program in this terminal takes every line end as the Return key, so each line runs at once.',
  };
}

const PREVIEW_LINES = 8;
const PREVIEW_CHARACTERS = 400;

/** The beginning of what is about to be pasted. */
export function pastePreview(cleaned: string): string {
  const lines = cleaned.slice(0, PREVIEW_CHARACTERS).split('\r');
  const shown = lines.slice(0, PREVIEW_LINES).join('\n');
  return shown.length < cleaned.length ? `${shown} …` : shown;
}
