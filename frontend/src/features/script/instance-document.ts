import type { Instance } from '../../../../src/contracts/instance.js';
import type { ScriptApi } from '../../net/script-api.js';
import type { SavedText, ScriptDocument, TaggedText } from './script-document.js';

/** The script of an instance: its own copy of the blueprint that it came from. */
export class InstanceDocument implements ScriptDocument {
  readonly key: string;
  readonly filename = 'launch.sh';
  readonly isReadOnly = false;
  /** What there is to know of the script beside its text, in sentences. */
  remarks: string[] = [];

  constructor(
    private readonly api: ScriptApi,
    private instance: Instance,
  ) {
    this.key = `instance.${String(instance.id)}`;
  }

  get title(): string {
    return `the script of ${this.instance.name}`;
  }

  update(instance: Instance): void {
    this.instance = instance;
  }

  async load(): Promise<TaggedText> {
    const script = await this.api.script(this.instance.id);
    this.remarks = [
      ...(script.is_missing
        ? ['There is no launch.sh yet: this is the blueprint, which the next start copies.']
        : []),
      ...(script.is_damaged
        ? ['The file is not UTF-8 text: what cannot be shown would be replaced by a save.']
        : []),
    ];
    return { content: script.content, etag: script.etag };
  }

  /** The blueprint's present version becomes the script. @throws ApiError */
  async takeBlueprint(etag: string | null): Promise<TaggedText> {
    const saved = await this.api.takeBlueprint(this.instance.id, etag);
    return { content: saved.content, etag: saved.etag };
  }

  async save(content: string, etag: string | null, withRestart: boolean): Promise<SavedText> {
    const { name, id } = this.instance;
    const saved = await this.api.saveScript(id, { content, restart: withRestart }, etag);
    const said = saved.is_restarting
      ? `Saved; restarting ${name} with it.`
      : saved.pending_restart
        ? `Saved. ${name} runs with the old script until it is restarted.`
        : `Saved. It counts from the next start of ${name}.`;
    return { content: saved.content, etag: saved.etag, note: [said, ...saved.notes].join(' ') };
  }
}
