import type {
  EnvironmentState,
  InstallPins,
  InstallRecord,
  PackageUpdate,
  RepositoryUpdate,
  UpdateCheck,
} from '../../../src/contracts/environment.js';
import { formatAge, plural } from '../base/format.js';

export interface EnvironmentLook {
  words: string;
  meaning: 'fine' | 'working' | 'attention' | 'failed' | 'quiet';
  symbol: 'check' | 'warning' | 'info' | 'status-error' | 'status-stopped' | 'clock';
}

const LOOKS: Record<EnvironmentState, EnvironmentLook> = {
  none: { words: 'Its script remembers no installation', meaning: 'quiet', symbol: 'info' },
  absent: { words: 'Not installed yet', meaning: 'quiet', symbol: 'status-stopped' },
  interrupted: { words: 'The installation was interrupted', meaning: 'attention', symbol: 'warning' },
  stale: { words: 'The next start installs again', meaning: 'attention', symbol: 'clock' },
  ready: { words: 'Installed', meaning: 'fine', symbol: 'check' },
};

/** How the state of an environment is told. */
export function environmentLook(state: EnvironmentState): EnvironmentLook {
  return LOOKS[state];
}

const AGAIN = /^The next start installs again: (.)/su;

/** A reason without what the words above it say already. */
export function shortReason(reason: string): string {
  return reason.replace(AGAIN, (_, first: string) => first.toUpperCase());
}

/** What of it was pinned when it was installed, as `Python 3.11`; empty where nothing was. */
export function pinWords(pins: InstallPins): string[] {
  const named: [string, string | null][] = [
    ['Source', pins.git_ref],
    ['Python', pins.python_version],
    ['CUDA', pins.cuda_version],
    ['torch', pins.torch_version],
  ];
  const words = named.flatMap(([what, value]) => (value === null ? [] : [`${what} ${shortRef(value)}`]));
  const extra = pins.extra_requirements
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  return extra.length === 0 ? words : [...words, plural(extra.length, 'further package')];
}

/** A commit by its first eight digits; names of branches and tags as they are. */
export function shortRef(ref: string): string {
  return /^[0-9a-f]{12,64}$/i.test(ref) ? ref.slice(0, 8) : ref;
}

const SOURCES = { machine: 'the machine’s', uv: 'from uv', conda: 'from conda' } as const;
const ACCELERATORS = { cuda: 'CUDA (NVIDIA)', rocm: 'ROCm (AMD)', cpu: 'CPU' } as const;

/** What an environment was made from, as terms and values. */
export function recordFacts(record: InstallRecord): [term: string, value: string][] {
  const { python, installer, accelerator, packages } = record;
  const torch = packages['torch'];
  const count = Object.keys(packages).length;
  const pins = pinWords(record.pins);
  const facts: [string, string | null][] = [
    ['Python', python === null ? null : `${python.version}, ${SOURCES[python.source]}`],
    ['torch', torch ?? null],
    ['Made for', accelerator === null ? null : ACCELERATORS[accelerator]],
    ['Installed by', installer],
    ['Packages', count === 0 ? null : count.toLocaleString('en')],
    ['Pins', pins.length === 0 ? 'none' : pins.join(', ')],
    ['Took', formatAge(record.took_seconds * 1000)],
  ];
  return facts.flatMap(([term, value]) => (value === null ? [] : [[term, value]]));
}

/** How far a checkout is behind its remote, as a sentence without a full stop. */
export function behindWords(update: RepositoryUpdate): string {
  if (update.problem !== null) return update.problem;
  const what = plural(update.behind, 'commit');
  if (update.is_pinned)
    return update.behind === 0
      ? 'Pinned, and nothing is newer'
      : `Pinned; ${what} newer ${isAre(update.behind)} there`;
  return update.behind === 0 ? 'Up to date' : `${what} behind`;
}

function isAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** Whether an update brings something of this package. */
export function hasNewer({ installed, latest, problem }: PackageUpdate): boolean {
  return problem === null && latest !== null && latest !== installed;
}

/** What a check found, as a sentence. */
export function checkSentence({ repositories, packages, has_updates: hasUpdates }: UpdateCheck): string {
  const commits = repositories.reduce(
    (sum, { behind, is_pinned: isPinned }) => sum + (isPinned ? 0 : behind),
    0,
  );
  const newer = packages.filter(hasNewer).length;
  const problems = [...repositories, ...packages].filter(({ problem }) => problem !== null).length;
  const found = [
    commits > 0 ? plural(commits, 'new commit') : null,
    newer > 0 ? plural(newer, 'newer package') : null,
  ].filter((part) => part !== null);
  if (repositories.length + packages.length === 0) return 'There is nothing that could be asked.';
  if (problems > 0 && found.length === 0) return `${plural(problems, 'source')} could not be asked.`;
  if (found.length > 0) return `${found.join(' and ')}.`;
  return hasUpdates ? 'There is something new.' : 'Everything is up to date.';
}

/** The commit of the application itself: of the first checkout, which `git_ref` is about. */
export function mainCommit({ repositories }: InstallRecord): string | null {
  return repositories[0]?.commit ?? null;
}

/** What differs between an installation and the one before it, in a few words. */
export function differences(record: InstallRecord, before: InstallRecord | null): string[] {
  if (before === null) return [];
  const said: string[] = [];
  const python = [before.python?.version ?? null, record.python?.version ?? null] as const;
  if (python[0] !== python[1]) said.push(`Python ${python[0] ?? '–'} → ${python[1] ?? '–'}`);
  for (const name of ['torch']) {
    const [was, is] = [before.packages[name], record.packages[name]];
    if (was !== is) said.push(`${name} ${was ?? '–'} → ${is ?? '–'}`);
  }
  const commits = [mainCommit(before), mainCommit(record)] as const;
  if (commits[0] !== null && commits[1] !== null && commits[0] !== commits[1])
    said.push(`${shortRef(commits[0])} → ${shortRef(commits[1])}`);
  if (before.script_digest !== record.script_digest) said.push('another script');
  const changed = changedPackages(record, before);
  if (changed > 0) said.push(`${plural(changed, 'package')} changed`);
  return said;
}

function changedPackages({ packages: now }: InstallRecord, { packages: was }: InstallRecord): number {
  const names = new Set([...Object.keys(now), ...Object.keys(was)]);
  return [...names].filter((name) => name !== 'torch' && now[name] !== was[name]).length;
}
