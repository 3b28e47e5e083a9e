/** The library that blueprints source; it lies among them and is none. */
export const FUNCTIONS_FILENAME = 'functions.sh';

/** What a blueprint's file may be called, as a sentence for people. */
export const BLUEPRINT_NAME_RULE =
  'A blueprint is named like "My App.sh": up to 96 letters, digits, spaces, "_", "-" or "." before the ending ".sh", ' +
  'beginning with a letter or digit, without ".." and not "functions.sh".';

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,95}\.sh$/;

/** Whether `filename` may name a blueprint. Such a name is one path segment and cannot climb out of its directory. */
export function isBlueprintFilename(filename: string): boolean {
  return PATTERN.test(filename) && !filename.includes('..') && filename.toLowerCase() !== FUNCTIONS_FILENAME;
}
