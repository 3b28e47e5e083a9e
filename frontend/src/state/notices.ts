import { Observable } from '../base/observable.js';

export type NoticeLevel = 'success' | 'info' | 'warning' | 'error';

export interface NoticeAction {
  label: string;
  run: () => void;
}

export interface NoticeInput {
  level: NoticeLevel;
  message: string;
  /** What helps whoever is asked for help, such as a code and a request id. */
  detail?: string | null;
  action?: NoticeAction | null;
  /** It says nothing but that the server was not reached. */
  isOfOutage?: boolean;
}

export interface Notice {
  id: number;
  level: NoticeLevel;
  message: string;
  detail: string | null;
  action: NoticeAction | null;
  isOfOutage?: boolean;
  /** How many of its kind it stands for. */
  count: number;
}

const MOST_SHOWN = 6;

/** Joins a notice to its like, or appends it; what is least important gives way when there are too many. */
export function addNotice(notices: readonly Notice[], input: NoticeInput, id: number): readonly Notice[] {
  const twin = notices.find(({ level, message }) => level === input.level && message === input.message);
  if (twin) {
    const joined: Notice = { ...twin, count: twin.count + 1, detail: input.detail ?? twin.detail };
    return notices.map((notice) => (notice === twin ? joined : notice));
  }
  const notice: Notice = { id, detail: null, action: null, ...input, count: 1 };
  return withinLimit([...notices, notice]);
}

function withinLimit(notices: readonly Notice[]): readonly Notice[] {
  if (notices.length <= MOST_SHOWN) return notices;
  const victim = notices.find(({ level }) => level !== 'error') ?? notices[0];
  return notices.filter((notice) => notice !== victim);
}

/** What the user is told. Everybody may add; only this class writes. */
export class NoticeStore {
  readonly list = new Observable<readonly Notice[]>([]);
  private lastId = 0;

  add(input: NoticeInput): void {
    this.lastId += 1;
    this.list.set(addNotice(this.list.value, input, this.lastId));
  }

  success(message: string): void {
    this.add({ level: 'success', message });
  }

  dismiss(id: number): void {
    this.list.set(this.list.value.filter((notice) => notice.id !== id));
  }

  /** The server answers again: that it did not is no news any more. */
  forgetOutage(): void {
    this.list.set(this.list.value.filter(({ isOfOutage }) => isOfOutage !== true));
  }

  clear(): void {
    this.list.set([]);
  }
}
