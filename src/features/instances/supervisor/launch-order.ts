import type { LaunchOrder } from '../../../host/runner/runner-launcher.js';
import type { DesktopEnvironment, DesktopLaunch } from '../desktop/desktop-order.js';
import { buildEnvironment } from '../domain/environment.js';
import { splitLaunchArgs } from '../domain/launch-args.js';
import { pinsOf } from '../domain/pins.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceFiles } from '../instance-files.js';

/** What every instance of this machine is started with. */
export interface ProgramPlaces {
  functionsFile: string;
  programDir: string;
  dataDir: string;
}

/** What is decided anew for every run. */
export interface RunFacts {
  run: number;
  marker: string;
  port: number;
  segmentBytes: number;
  keepBytes: number;
  /** null: it runs without one. */
  desktop: DesktopLaunch | null;
}

/** What a runner is told of a run. */
export function launchOrderOf(
  row: InstanceEntity,
  files: InstanceFiles,
  places: ProgramPlaces,
  facts: RunFacts,
): LaunchOrder {
  const { paths } = files;
  const { run, marker, port, segmentBytes, keepBytes, desktop } = facts;
  return {
    files: {
      record: paths.record(row.id),
      socket: paths.socket(row.id),
      log: paths.log(row.name),
      times: paths.logTimes(row.name),
      oldLogs: paths.oldLogs(row.name),
    },
    segmentBytes,
    keepBytes,
    run,
    marker,
    cwd: files.home(row),
    env: environmentOf(row, files, places, { port, marker }, desktop?.env),
    command: [...(desktop?.command ?? []), 'bash', files.script(row), ...splitLaunchArgs(row.launch_args)],
  };
}

/** What the processes of an instance get. */
export function environmentOf(
  row: InstanceEntity,
  files: InstanceFiles,
  places: ProgramPlaces,
  { port, marker }: Pick<RunFacts, 'port' | 'marker'>,
  desktop: DesktopEnvironment = {},
): Record<string, string> {
  const { paths } = files;
  const owner = files.owners.of(row);
  return withDesktop(
    desktop,
    buildEnvironment(process.env, {
      instanceName: row.name,
      instanceDir: paths.home(owner.name),
      outputDir: paths.outputs(row.name, row.output_path),
      webuiPort: port,
      baseBlueprint: owner.base_blueprint,
      slug: row.slug,
      gpuIds: row.gpu_ids,
      tmpDir: paths.tmpDir,
      functionsFile: places.functionsFile,
      modelsDir: paths.modelsDir,
      dataDir: places.dataDir,
      programDir: places.programDir,
      marker,
      pins: pinsOf(owner),
      isSatellite: owner !== row,
      ownEnv: row.env,
      hasDesktop: 'DISPLAY' in desktop,
      wantsDesktop: row.persistent_mode,
    }),
  );
}

/** Whose screen it is, the desktop decides: not where AiKore was started, nor the instance's own variables. */
function withDesktop(desktop: DesktopEnvironment, env: Record<string, string>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !Object.hasOwn(desktop, name));
  const added = Object.entries(desktop).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries([...kept, ...added]);
}
