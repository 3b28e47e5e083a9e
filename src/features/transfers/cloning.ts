import type { InstanceCopy, Operation } from '../../contracts/operation.js';
import { isFolder } from '../../host/files/exists.js';
import type { Arrivals, InstancePaths } from '../instances/instances.api.js';
import type { CloneJob, Relocation, TreeCopy } from './domain/transfer-job.js';
import type { Operations } from './operations.js';
import { settingsOfClone } from './domain/settings.js';
import { leftBehind } from './sources.js';
import type { HeldSource, Sources } from './sources.js';
import type { TransferProgram } from './transfer-program.js';

type Arrival = Awaited<ReturnType<Arrivals['announce']>>;

export interface CloningParts {
  operations: Operations;
  sources: Sources;
  arrivals: Arrivals;
  paths: InstancePaths;
  program: TransferProgram;
  /** Null where no Python is there to run the helper. */
  relocation: (from: string, to: string) => Promise<Relocation | null>;
}

/** Clones instances: files, environment and settings, as an instance of its own. */
export class Cloning {
  constructor(private readonly parts: CloningParts) {}

  /** @throws AppError `not_found`, `invalid`, or `conflict` while it runs or the name is taken */
  async begin(id: number, wish: InstanceCopy): Promise<Operation> {
    const { operations, sources, arrivals } = this.parts;
    const source = await sources.hold(id, 'cloning');
    let arrival: Arrival;
    try {
      arrival = await arrivals.announce(wish.new_name, wish.outputs ?? false);
    } catch (error) {
      source.release();
      throw error;
    }
    return operations.begin({
      kind: 'clone',
      subject: arrival.name,
      source: source.row.name,
      sourceId: id,
      release: () => {
        arrival.release();
        source.release();
      },
      carryOut: async ({ signal, onProgress, commit }) => {
        try {
          await arrivals.prepare(arrival);
          const job = await this.jobFor(source, arrival, wish.environment ?? true);
          await this.parts.program.run(job, signal, onProgress);
          commit();
          const settings = settingsOfClone(source.row, source.owner, arrival.name, arrival.outputs !== null);
          return (await arrivals.settle(arrival, settings)).id;
        } catch (error) {
          await arrivals.drop(arrival);
          throw error;
        }
      },
    });
  }

  private async jobFor(source: HeldSource, arrival: Arrival, hasEnvironment: boolean): Promise<CloneJob> {
    const { paths } = this.parts;
    const { row, owner } = source;
    const home = { from: paths.home(owner.name), to: paths.home(arrival.name) };
    const outputs = {
      from: paths.outputs(row.name, row.output_path),
      to: paths.outputs(arrival.name, arrival.outputs === null ? row.output_path : null),
    };
    const moved = [home, outputs].filter(({ from, to }) => from !== to);
    const excluded = leftBehind(source, hasEnvironment);
    const trees: TreeCopy[] = [{ from: home.from, to: arrival.home, excluded, moved }];
    if (arrival.outputs !== null && (await isFolder(outputs.from)))
      trees.push({ from: outputs.from, to: arrival.outputs, excluded: [], moved });
    const relocation = hasEnvironment ? await this.parts.relocation(home.from, home.to) : null;
    return { kind: 'clone', trees, relocation };
  }
}
