import { dockerSays } from './docker.js';

/** A step of an image's making that has a layer or a setting. */
export interface HistoryStep {
  bytes: number;
  command: string;
}

/** The last command of the part that a change of AiKore's source does not build anew (Dockerfile). */
const LAST_OF_SYSTEM = '/build/prepare-system.sh &&';

/** Steps of an image, the last first. */
async function historyOf(image: string): Promise<HistoryStep[]> {
  const text = await dockerSays(
    'history',
    '--no-trunc',
    '--human=false',
    '--format',
    '{{.Size}}\t{{.CreatedBy}}',
    image,
  );
  return text.split('\n').map((line) => {
    const [bytes = '', command = ''] = line.split('\t');
    return { bytes: Number(bytes), command };
  });
}

/** The steps that make AiKore itself, and those that make the system below it. */
export async function partsOf(image: string): Promise<{ program: HistoryStep[]; system: HistoryStep[] }> {
  const steps = await historyOf(image);
  const end = steps.findIndex(({ command }) => command.includes(LAST_OF_SYSTEM));
  if (end < 0) throw new Error(`${image} was not built by this Dockerfile`);
  return { program: steps.slice(0, end), system: steps.slice(end) };
}

/** What the layers of an image are, the lowest first. */
export async function layersOf(image: string): Promise<string[]> {
  return JSON.parse(
    await dockerSays('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image),
  ) as string[];
}
