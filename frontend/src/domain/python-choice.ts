import type { PythonChoice, PythonChoices, PythonSource } from '../../../src/contracts/environment.js';

const WHOSE: Readonly<Record<PythonSource, string>> = { machine: 'this machine', uv: 'uv', conda: 'conda' };

/** What there is of a Python, in a few words. */
export function describeChoice({ source, is_present: isPresent }: PythonChoice): string {
  if (isPresent) return source === 'machine' ? 'on this machine' : `here already, from ${WHOSE[source]}`;
  return `${WHOSE[source]} fetches it`;
}

/** Each version once, what is here before what is fetched, newest first. */
export function distinctPythons({ pythons }: PythonChoices): PythonChoice[] {
  const best = new Map<string, PythonChoice>();
  for (const choice of [...pythons].sort(byWorth))
    if (!best.has(choice.version)) best.set(choice.version, choice);
  return [...best.values()].sort((a, b) => Number(b.is_present) - Number(a.is_present) || byVersion(b, a));
}

const SOURCES: readonly PythonSource[] = ['machine', 'uv', 'conda'];

/** `aikore_venv` asks the machine first, then uv, then conda. */
function byWorth(a: PythonChoice, b: PythonChoice): number {
  return Number(b.is_present) - Number(a.is_present) || SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source);
}

function byVersion(a: PythonChoice, b: PythonChoice): number {
  return a.version.localeCompare(b.version, 'en', { numeric: true });
}

export interface PythonVerdict {
  isAvailable: boolean;
  sentence: string;
}

/** Whether a version can be had on this machine, as a sentence; null while that is not known or nothing is asked for. */
export function judgePython(version: string, choices: PythonChoices | null): PythonVerdict | null {
  if (version === '' || choices === null) return null;
  const minor = version.split('.').slice(0, 2).join('.');
  const distinct = distinctPythons(choices);
  const exact = distinct.find((choice) => choice.version === version);
  const near =
    exact ?? distinct.find((choice) => choice.version === minor || choice.version.startsWith(`${minor}.`));
  if (near === undefined) return { isAvailable: false, sentence: absence(version, choices) };
  if (exact === undefined)
    return {
      isAvailable: true,
      sentence: `Python ${near.version}: ${describeChoice(near)}. Whether it is exactly ${version} shows at the start.`,
    };
  const sentence = near.is_present
    ? `Python ${version} is ${describeChoice(near)}.`
    : `Python ${version} is not here yet: ${describeChoice(near)} when the environment is made.`;
  return { isAvailable: true, sentence };
}

function absence(version: string, choices: PythonChoices): string {
  const here = distinctPythons(choices).filter((choice) => choice.is_present);
  const what = here.length === 0 ? 'none' : here.map((choice) => choice.version).join(', ');
  const isAlone = choices.uv === null && choices.conda === null;
  const help = isAlone ? ' uv or conda would fetch others.' : '';
  return `Python ${version} cannot be had on this machine, which has ${what}.${help}`;
}
