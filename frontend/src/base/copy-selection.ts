/**
 * Copies what is selected in the page. Out of fashion, and the only way to the clipboard where the page has come over plain
 * HTTP. @returns whether it was copied
 */
export function copySelection(): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- browsers give pages on plain HTTP no other way to the clipboard
  return document.execCommand('copy');
}
