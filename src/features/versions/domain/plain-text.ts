const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
/** All that is not text, but line feeds and tabs; and what reorders or hides text. */
const UNWANTED = /(?![\n\t])[\p{Cc}\p{Cs}\u2028\u2029\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** What a program printed, without what a terminal or a page could be fooled by. */
export function plainText(text: string, maxLength: number): string {
  return text.replace(SEQUENCES, '').replace(/\r\n?/g, '\n').replace(UNWANTED, '').trim().slice(0, maxLength);
}
