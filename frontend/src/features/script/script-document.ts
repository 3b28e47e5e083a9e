/** A text with the tag that a change of it must show. */
export interface TaggedText {
  content: string;
  etag: string | null;
}

export interface SavedText extends TaggedText {
  /** What the server changed or wants said, as a sentence. */
  note: string | null;
}

/** A script on the server: an instance's own, or a blueprint. */
export interface ScriptDocument {
  /** What unsaved work is kept under: `instance.7`. */
  readonly key: string;
  /** Its file name. */
  readonly filename: string;
  /** What it is called in sentences: `the script of Kohya`. */
  readonly title: string;
  readonly isReadOnly: boolean;
  /** @throws ApiError */
  load(): Promise<TaggedText>;
  /** @param etag of the version that the change began from. @throws ApiError with status 412 when there is a newer one */
  save(content: string, etag: string | null, withRestart: boolean): Promise<SavedText>;
}
