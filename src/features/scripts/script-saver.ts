import type { SavedScript } from '../../contracts/script.js';
import { AppError } from '../../core/errors.js';
import { ANY_VERSION } from '../../core/http/if-match.js';
import { etagOf } from '../../core/http/etag.js';
import { makeAppFolder } from '../../host/files/app-folder.js';
import { toScriptContent } from '../blueprints/blueprints.api.js';
import { originOf } from '../instances/instances.api.js';
import type { InstanceRow } from '../instances/instances.api.js';
import { describeScript } from './describe-script.js';
import { readPresent, tooLarge, writeScriptFile } from './script-file.js';
import type { Present } from './script-file.js';
import { ScriptHistory } from './script-history.js';
import type { NewScript, SaveWish, ScriptParts } from './scripts.parts.js';

/** Of so many newest versions, one may be what lies there: a save that did not come to its end left one that does not. */
const LIKELY_VERSIONS = 2;

/** Saves scripts: what lies there is kept before it is replaced, whoever has written it. */
export class ScriptSaver {
  constructor(private readonly parts: ScriptParts) {}

  /** A text that somebody sent. @throws AppError `invalid`, `too_large` */
  contentOf(content: string): NewScript {
    return { ...toScriptContent(content, tooLarge), note: '' };
  }

  /** @param make the new content; nothing has been changed when it throws */
  async save(
    id: number,
    wish: SaveWish,
    make: (row: InstanceRow) => Promise<NewScript>,
  ): Promise<SavedScript> {
    if (wish.isRestartWanted) await this.parts.requireRoom();
    const saved = await this.parts.mutex.run(() => this.saveAlone(id, wish, make));
    const restart = wish.isRestartWanted ? await this.restart(id) : NO_RESTART;
    const { row } = this.parts.registry.get(id);
    return {
      ...saved,
      pending_restart: row.pending_restart,
      is_restarting: restart.isRestarting,
      notes: [...saved.notes, ...restart.notes],
    };
  }

  private async saveAlone(
    id: number,
    { guard, actor }: SaveWish,
    make: (row: InstanceRow) => Promise<NewScript>,
  ): Promise<Omit<SavedScript, 'pending_restart' | 'is_restarting'>> {
    const { row } = this.parts.registry.get(id);
    this.refuseSatellite(row);
    const wanted = await make(row);
    const present = await this.presentToReplace(row, guard === ANY_VERSION);
    if (present !== null && !guard(etagOf(present.bytes))) throw stale(row, present);
    const { notes } = wanted;
    const isSame = present !== null && present.modifiedAt !== null && present.bytes.equals(wanted.bytes);
    const version = isSame ? null : await this.replace(row, present, wanted, actor);
    if (wanted.origin !== undefined && wanted.origin !== row.script_origin)
      await this.parts.noteOrigin(row, wanted.origin);
    const now = describeScript(await readPresent(this.parts, row));
    if (version === null) return { ...now, is_changed: false, version, notes };
    await this.tell(row, now.etag, actor);
    return { ...now, is_changed: true, version, notes };
  }

  private refuseSatellite(row: InstanceRow): void {
    const owner = this.parts.files.owners.of(row);
    if (owner === row) return;
    throw new AppError(
      'forbidden',
      'SATELLITE_SCRIPT',
      `${row.name} is a satellite and runs the script of ${owner.name}. Edit that one.`,
      { instances: [{ id: owner.id, name: owner.name }] },
    );
  }

  /** What a save that asks for no version may replace is also a link, which nothing can be known of. */
  private async presentToReplace(row: InstanceRow, isForced: boolean): Promise<Present | null> {
    return readPresent(this.parts, row).catch((error: unknown) => {
      const code = error instanceof AppError ? error.code : '';
      if (code === 'SCRIPT_NOT_FOUND' || (isForced && code === 'SCRIPT_UNUSABLE')) return null;
      throw error;
    });
  }

  /** First the history, so that nothing is lost whatever happens in between. @returns the version's number */
  private async replace(
    row: InstanceRow,
    present: Present | null,
    wanted: NewScript,
    actor: string,
  ): Promise<number> {
    const home = this.parts.files.home(row);
    await makeAppFolder(home);
    const history = new ScriptHistory(home);
    if (present !== null) await this.keepPresent(row, history, present);
    const note = { saved_at: new Date().toISOString(), saved_by: actor, note: wanted.note };
    const version = await history.add(wanted.bytes, note);
    try {
      await writeScriptFile(this.parts.files, row, wanted.bytes, present?.mode);
      return version;
    } catch (error) {
      await history.forget(version).catch(() => undefined);
      throw error;
    }
  }

  private async keepPresent(row: InstanceRow, history: ScriptHistory, present: Present): Promise<void> {
    if (present.modifiedAt === null) return;
    const newest = await history.newest(LIKELY_VERSIONS);
    if (newest.some((content) => content.equals(present.bytes))) return;
    const isFirst = newest.length === 0;
    const isTaken = originOf(present.bytes) === row.script_origin;
    const note = isTaken
      ? `As it was taken from the blueprint ${row.base_blueprint}.`
      : isFirst
        ? 'As it was before the first save here.'
        : 'Changed outside of AiKore.';
    await history.add(present.bytes, { saved_at: present.modifiedAt.toISOString(), saved_by: null, note });
  }

  /** Its satellites run it, too. */
  private async tell(row: InstanceRow, etag: string, actor: string): Promise<void> {
    const saved_at = new Date().toISOString();
    for (const member of this.parts.files.owners.family(row)) {
      if (member.isActive) await member.update({ pending_restart: true });
      const { id } = member.row;
      this.parts.hub.publish('script.changed', { id, etag, saved_at, saved_by: actor });
    }
  }

  /** It is saved by now, so that it does not run or cannot be restarted is only worth a note. */
  private async restart(id: number): Promise<{ isRestarting: boolean; notes: string[] }> {
    const supervisor = this.parts.registry.get(id);
    if (!supervisor.isActive)
      return { isRestarting: false, notes: ['It does not run, so nothing was restarted.'] };
    try {
      await supervisor.command('restart');
      return { isRestarting: true, notes: [] };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { isRestarting: false, notes: [`It was not restarted: ${error.message}`] };
    }
  }
}

const NO_RESTART = { isRestarting: false, notes: [] };

function stale(row: InstanceRow, present: Present): AppError {
  return new AppError(
    'stale',
    'SCRIPT_CHANGED',
    `The script of ${row.name} was changed by somebody else meanwhile. Compare the two, then save again.`,
    { etag: etagOf(present.bytes) },
  );
}
