import type { InstanceCreate } from '../../../contracts/instance.js';
import type { ArchivedSettings } from './archive-head.js';

/** Settings that a copy takes over from an instance. */
export type CopiedSettings = ArchivedSettings & {
  name: string;
  output_path: string | null;
  script_origin: string | null;
};

type Made = InstanceCreate & { script_origin: string | null };

/**
 * Settings of a clone: those of its source, but nothing that only one can have and nothing that starts by itself.
 * @param owner whose files they are; what its environment was made from comes along with it
 * @param hasOutputs it gets outputs of its own
 */
export function settingsOfClone(
  source: CopiedSettings,
  owner: CopiedSettings,
  name: string,
  hasOutputs: boolean,
): Made {
  const made = { ...archivedSettings(source, owner), name, autostart: false };
  return { ...made, output_path: hasOutputs ? null : source.output_path };
}

/** The settings of an instance that mean something elsewhere, too. */
export function archivedSettings(
  source: CopiedSettings,
  owner: CopiedSettings,
): ArchivedSettings & { script_origin: string | null } {
  return {
    base_blueprint: owner.base_blueprint,
    gpu_ids: source.gpu_ids ?? null,
    persistent_mode: source.persistent_mode ?? false,
    python_version: owner.python_version ?? null,
    cuda_version: owner.cuda_version ?? null,
    torch_version: owner.torch_version ?? null,
    git_ref: owner.git_ref ?? null,
    extra_requirements: owner.extra_requirements ?? '',
    access_mode: source.access_mode ?? 'path',
    restart_policy: source.restart_policy ?? 'no',
    env: { ...source.env },
    launch_args: source.launch_args ?? '',
    probe: source.probe ?? null,
    script_origin: owner.script_origin,
  };
}

/** Settings of an instance out of an archive. */
export function settingsOfImport(archived: ArchivedSettings, name: string): Made {
  return {
    ...archived,
    name,
    autostart: false,
    output_path: null,
    script_origin: archived.script_origin ?? null,
  };
}
