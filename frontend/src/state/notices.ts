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
  /** Code and request id of an error. */
  code?: string | null;
  requestId?: string | null;
  /** The instance that it is about. */
  instanceId?: number | null;
  /** It says nothing but that the server was not reached. */
  isOfOutage?: boolean;
}

export interface Notice {
  id: number;
  level: NoticeLevel;
  message: string;
  detail: string | null;
  action: NoticeAction | null;
  code: string | null;
  requestId: string | null;
  instanceId: number | null;
  isOfOutage?: boolean;
  /** When it, or its last like, came. */
  atMs: number;
  /** How many of its kind it stands for. */
  count: number;
}

const MOST_SHOWN = 6;
const MOST_REMEMBERED = 200;

/** Joins a notice to its like, or appends it; what is least important gives way when there are too many. */
function addNotice(
  notices: readonly Notice[],
  input: NoticeInput,
  id: number,
  atMs = Date.now(),
): readonly Notice[] {
  const twin = notices.find(({ level, message }) => level === input.level && message === input.message);
  if (twin) {
    const joined = joinedWith(twin, input, atMs);
    return notices.map((notice) => (notice === twin ? joined : notice));
  }
  return withinLimit([...notices, fresh(input, id, atMs)]);
}

function fresh(input: NoticeInput, id: number, atMs: number): Notice {
  const nothing = { detail: null, action: null, code: null, requestId: null, instanceId: null };
  return { id, ...nothing, ...input, atMs, count: 1 };
}

/** The newest one's particulars count. */
function joinedWith(twin: Notice, input: NoticeInput, atMs: number): Notice {
  return {
    ...twin,
    count: twin.count + 1,
    atMs,
    detail: input.detail ?? twin.detail,
    code: input.code ?? twin.code,
    requestId: input.requestId ?? twin.requestId,
  };
}

function withinLimit(notices: readonly Notice[]): readonly Notice[] {
  if (notices.length <= MOST_SHOWN) return notices;
  const victim = notices.find(({ level }) => level !== 'error') ?? notices[0];
  return notices.filter((notice) => notice !== victim);
}

/** What the user is told, and was told since the page was opened. Everybody may add; only this class writes. */
export class NoticeStore {
  readonly list = new Observable<readonly Notice[]>([]);
  /** Oldest first, the last 200. */
  readonly history = new Observable<readonly Notice[]>([]);
  /** How many came since somebody looked at the history, results of one's own doing that went well not counted. */
  readonly unread = new Observable(0);
  private lastId = 0;

  add(input: NoticeInput): void {
    this.lastId += 1;
    const atMs = Date.now();
    this.list.set(addNotice(this.list.value, input, this.lastId, atMs));
    this.remember(input, atMs);
    if (input.level !== 'success') this.unread.set(this.unread.value + 1);
  }

  success(message: string): void {
    this.add({ level: 'success', message });
  }

  dismiss(id: number): void {
    this.list.set(this.list.value.filter((notice) => notice.id !== id));
  }

  /** Somebody looks at the history, where all of them are. */
  markRead(): void {
    this.list.set([]);
    this.unread.set(0);
  }

  forgetHistory(): void {
    this.history.set([]);
    this.unread.set(0);
  }

  /** The server answers again: that it did not is no news any more. */
  forgetOutage(): void {
    this.list.set(this.list.value.filter(({ isOfOutage }) => isOfOutage !== true));
  }

  /** For somebody else who signs in. */
  clear(): void {
    this.list.set([]);
    this.forgetHistory();
  }

  /** The same again at once becomes one line; later it is a line of its own. */
  private remember(input: NoticeInput, atMs: number): void {
    const past = this.history.value;
    const last = past.at(-1);
    const isSame = last?.level === input.level && last.message === input.message;
    this.history.set(
      isSame
        ? [...past.slice(0, -1), joinedWith(last, input, atMs)]
        : [...past, fresh(input, this.lastId, atMs)].slice(-MOST_REMEMBERED),
    );
  }
}
