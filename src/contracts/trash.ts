/** Something that was deleted for ever and whose bytes are still being removed. */
export interface Deletion {
  /** Unique as long as AiKore runs. */
  id: string;
  /** Name of the instance or the entry. */
  name: string;
  /** `waiting` for another deletion; `counting` how much there is; `failed` ones are tried again by the next start. */
  phase: 'waiting' | 'counting' | 'deleting' | 'failed';
  /** null: not counted yet, or too much to count first. */
  total_bytes: number | null;
  removed_bytes: number;
  removed_files: number;
}

/** Data of the event `trash.changed`, and part of the snapshot. */
export interface TrashState {
  /** Grows whenever an entry comes or goes: the list is to be asked for anew. */
  revision: number;
  deletions: Deletion[];
}

/** Answer of `GET /api/trash/{name}/size`. */
export interface TrashEntrySize {
  /** What its files take on the disk. */
  size_bytes: number;
  file_count: number;
}
