/** A database file that AiKore refuses to open; the file is left as it was. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}
