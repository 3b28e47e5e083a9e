/** Flag beside an environment that asks for it to be built anew (functions.sh). */
const REBUILD_FLAG = '.rebuild-env';

/** What is of a run, of a start under way or of a wish to change the original, and so of nobody else. */
const OF_THE_ORIGINAL = [
  'output.log',
  'output.times',
  'logs',
  '.aikore-instance.json',
  REBUILD_FLAG,
  '.aikore/setup.lock',
  '.aikore/setup.users',
  '.aikore/update',
  '.aikore/kiosk',
];

/** What says that an environment is there, and what only serves to make one. */
const OF_THE_ENVIRONMENT = ['.aikore/install.json', '.aikore/setup.begun', 'cache'];

/**
 * What of an instance's folder stays behind in a clone or an archive, relative to it.
 * @param venvPath as the script declares it
 */
export function excludedPaths(venvPath: string | null, hasEnvironment: boolean): string[] {
  const venv = venvPath === null ? null : segmentsOf(venvPath);
  const flag = venv === null ? [] : [[...venv.slice(0, -1), REBUILD_FLAG].join('/')];
  const environment = hasEnvironment
    ? []
    : [...OF_THE_ENVIRONMENT, ...(venv === null ? [] : [venv.join('/')])];
  return [...new Set([...OF_THE_ORIGINAL, ...flag, ...environment])];
}

/** @returns null for the instance's folder itself, or one outside of it */
function segmentsOf(path: string): string[] | null {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return path.startsWith('/') || segments.length === 0 || segments.includes('..') ? null : segments;
}
