import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';

export type Fields = Readonly<Record<string, unknown>>;

const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** One line of text without what a terminal or a page could be fooled by. */
export function plainLine(text: string, maxLength: number): string {
  // What is cut away at once need not be cleaned: it may be megabytes.
  const head = text.slice(0, maxLength * 4).replace(SEQUENCES, '');
  return withoutUnwanted(head.replace(/\s+/g, ' ')).trim().slice(0, maxLength);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns null for what is no text, or says nothing */
export function textOf(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return null;
  const line = plainLine(value, maxLength);
  return line === '' ? null : line;
}

/** An ISO 8601 time in UTC; null for what is none. */
export function timeOf(value: unknown): string | null {
  const atMs = typeof value === 'string' && value.length <= 40 ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? null : new Date(atMs).toISOString();
}

export function oneOf<T extends string>(value: unknown, words: readonly T[]): T | null {
  return words.find((word) => word === value) ?? null;
}

const USER_INFO = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/]*@/gi;

/** Addresses in a text without the names and passwords in them. */
export function withoutPasswords(text: string): string {
  return text.replace(USER_INFO, '$1');
}
