/** What is kept of a version beside its content. */
export interface VersionNote {
  /** ISO 8601. */
  saved_at: string;
  /** Null: not saved by AiKore. */
  saved_by: string | null;
  note: string;
}

const MAX_TEXT_LENGTH = 300;

/** Reads what an application may have written over: null for anything that is no note. */
export function readVersionNote(text: string | null): VersionNote | null {
  if (text === null) return null;
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return null;
  const { saved_at: savedAt, saved_by: savedBy, note } = value as Record<string, unknown>;
  const isTime = typeof savedAt === 'string' && savedAt.length < 40 && !Number.isNaN(Date.parse(savedAt));
  if (!isTime || !(savedBy === null || isShort(savedBy)) || !isShort(note)) return null;
  return { saved_at: new Date(savedAt).toISOString(), saved_by: savedBy, note };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
}
