import type { BlueprintMetadata } from '../../../contracts/blueprint.js';
import { AppError, invalidFields } from '../../../core/errors.js';
import type { InstanceRow, InstancesService } from '../../instances/instances.api.js';
import { readSetupScript } from '../../instances/instances.api.js';
import type { EnvironmentsParts } from '../environments.service.js';

export interface UpdateParts extends EnvironmentsParts {
  instances: Pick<InstancesService, 'update'>;
}

const DEED = 'updating';
/** As package managers write them; it becomes a part of a command line in scripts. */
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,99}$/;

/** Has the next start bring an application up to date. */
export class UpdateService {
  constructor(private readonly parts: UpdateParts) {}

  /**
   * Stores newer versions, if any are given, and asks the next start for an update: what runs is restarted, what failed is
   * started, what was stopped waits for its next start.
   * @param variables versions of packages by the variables that name them
   * @throws AppError `invalid` when its script does not know updates or such a variable; `conflict` while it is being
   * stopped, or another one uses the same files
   */
  async update(id: number, variables: Readonly<Record<string, string>>): Promise<void> {
    const { registry, owners, wishes, launchScript, paths } = this.parts;
    const { row } = registry.get(id);
    const owner = owners.of(row);
    wishes.requireReady(id, DEED);
    const script = await readSetupScript(paths.script(owner.name));
    if (script === null || script.call === null) throw noUpdates(row);
    checkVariables(variables, await launchScript.definition(owner));
    await this.store(owner, variables);
    await wishes.wish(id, 'update', DEED);
  }

  /** All that use the same files must ask for the same, else each start would install again. */
  private async store(owner: InstanceRow, variables: Readonly<Record<string, string>>): Promise<void> {
    if (Object.keys(variables).length === 0) return;
    for (const { row } of this.parts.owners.family(owner))
      await this.parts.instances.update(row.id, { env: { ...row.env, ...variables } }, null);
  }
}

function checkVariables(
  variables: Readonly<Record<string, unknown>>,
  { package: own }: Pick<BlueprintMetadata, 'package'>,
): void {
  for (const [name, version] of Object.entries(variables)) {
    if (name !== own?.variable) {
      const known =
        own === null ? 'no package by version' : `the version of ${own.name} from ${own.variable}`;
      throw invalidFields({ variables: `The script takes ${known}.` });
    }
    if (typeof version !== 'string' || !VERSION.test(version))
      throw invalidFields({ variables: `The value of ${name} is no version.` });
  }
}

function noUpdates({ name }: InstanceRow): AppError {
  return new AppError(
    'invalid',
    'NO_UPDATES',
    `The script of ${name} decides itself when it updates: it does not call aikore_setup.`,
  );
}
