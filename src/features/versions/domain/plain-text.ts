import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';

const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** What a program printed, without what a terminal or a page could be fooled by. */
export function plainText(text: string, maxLength: number): string {
  const lines = text.replace(SEQUENCES, '').replace(/\r\n?/g, '\n');
  return withoutUnwanted(lines, '\n\t').trim().slice(0, maxLength);
}
