import type { Blueprint } from '../../../../src/contracts/blueprint.js';
import type { ScriptApi } from '../../net/script-api.js';
import type { SavedText, ScriptDocument, TaggedText } from './script-document.js';

/** The script of a blueprint. Only the operator's own can be changed. */
export class BlueprintDocument implements ScriptDocument {
  readonly key: string;
  readonly filename: string;
  readonly title: string;
  readonly isReadOnly: boolean;

  constructor(
    private readonly api: ScriptApi,
    private readonly blueprint: Pick<Blueprint, 'origin' | 'filename'>,
  ) {
    const { origin, filename } = blueprint;
    this.key = `blueprint.${origin}.${filename}`;
    this.filename = filename;
    this.title = `the blueprint ${filename}`;
    this.isReadOnly = origin === 'stock';
  }

  async load(): Promise<TaggedText> {
    return this.api.blueprint(this.blueprint.origin, this.filename);
  }

  async save(content: string, etag: string | null): Promise<SavedText> {
    const next = await this.api.replaceBlueprint(this.filename, content, etag);
    return { content, etag: next, note: `Saved ${this.filename}. Instances keep the copy that they have.` };
  }
}
