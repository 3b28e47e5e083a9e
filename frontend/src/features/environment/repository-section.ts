import type {
  InstalledRepository,
  RepositoryUpdate,
  UpdateCheck,
} from '../../../../src/contracts/environment.js';
import { h } from '../../base/dom.js';
import { ageMs, formatAge, formatExact, plural } from '../../base/format.js';
import { behindWords, shortRef } from '../../domain/environment.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';

export interface PinState {
  /** What the source is pinned to from the next start on. */
  pinned: string | null;
  unpin(): void;
}

/** The checkouts of an environment, each with what its remote has that it has not. */
export function repositorySection(
  repositories: readonly InstalledRepository[],
  check: UpdateCheck | null,
  pin: PinState,
): HTMLElement | null {
  if (repositories.length === 0) return null;
  const updates = new Map(check?.repositories.map((update) => [update.path, update]));
  return h(
    'section',
    { 'aria-label': 'Sources', 'data-testid': 'environment-repositories' },
    h('h3', null, repositories.length === 1 ? 'Source' : 'Sources'),
    h(
      'ul',
      { class: 'repositories' },
      ...repositories.map((repository, index) =>
        line(repository, updates.get(repository.path) ?? null, index === 0 ? pin : null),
      ),
    ),
  );
}

function line(
  repository: InstalledRepository,
  update: RepositoryUpdate | null,
  pin: PinState | null,
): HTMLElement {
  const { path, url, ref, commit, subject, committed_at: at } = repository;
  return h(
    'li',
    { class: 'repository', 'data-testid': 'repository', 'data-path': path },
    h(
      'div',
      { class: 'repository-head' },
      h('strong', { class: 'is-user-text' }, path),
      address(url),
      ref === null ? null : h('span', { class: 'repository-ref is-user-text' }, ref),
    ),
    h(
      'p',
      { class: 'repository-commit' },
      h('code', { 'data-tip': commit }, shortRef(commit)),
      h('span', { class: 'is-user-text', dir: 'auto' }, subject),
      moment(at),
    ),
    pin === null || pin.pinned === null ? null : pinnedLine(pin.pinned, () => pin.unpin()),
    update === null ? null : news(update),
  );
}

function pinnedLine(ref: string, unpin: () => void): HTMLElement {
  return h(
    'p',
    { class: 'repository-pin' },
    h('span', { class: 'is-user-text' }, `Pinned to ${shortRef(ref)}: updates leave it where it is.`),
    button({ label: 'Unpin', kind: 'quiet', testId: 'environment-unpin', onClick: unpin }),
  );
}

/** Only an address of the web leads anywhere; any other one is text. */
function address(url: string): HTMLElement {
  const isWeb = /^https?:\/\//i.test(url);
  const words = url.replace(/^https?:\/\//i, '').replace(/\.git$/, '');
  return isWeb
    ? h('a', { class: 'is-user-text', href: url, target: '_blank', rel: 'noopener noreferrer' }, words)
    : h('span', { class: 'is-user-text' }, words);
}

function moment(iso: string | null): HTMLElement | null {
  const age = iso === null ? null : ageMs(iso, Date.now());
  return iso === null || age === null
    ? null
    : h('time', { datetime: iso, 'data-tip': formatExact(iso) }, `${formatAge(age)} ago`);
}

function news(update: RepositoryUpdate): HTMLElement {
  const { problem, behind, changes, latest_tag: tag, is_pinned: isPinned } = update;
  const meaning = problem !== null ? 'attention' : behind > 0 && !isPinned ? 'working' : 'fine';
  const symbol = problem !== null ? 'warning' : behind > 0 ? 'download' : 'check';
  return h(
    'div',
    { class: 'repository-news', 'data-testid': 'repository-news', 'data-meaning': meaning },
    h(
      'p',
      { class: 'task-outcome is-user-text', 'data-meaning': meaning },
      icon(symbol),
      h('span', null, behindWords(update), tag === null ? null : ` · newest tag ${tag}`),
    ),
    changes.length === 0
      ? null
      : h(
          'details',
          { class: 'repository-changes' },
          h(
            'summary',
            null,
            changes.length < behind ? `The newest ${plural(changes.length, 'commit')}` : 'What is new',
          ),
          h(
            'ul',
            null,
            ...changes.map((change) =>
              h(
                'li',
                { class: 'repository-commit', 'data-testid': 'repository-change' },
                h('code', { 'data-tip': change.commit }, shortRef(change.commit)),
                h('span', { class: 'is-user-text', dir: 'auto' }, change.subject),
                moment(change.committed_at),
              ),
            ),
          ),
        ),
  );
}
