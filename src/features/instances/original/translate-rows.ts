import { makeSlug } from '../domain/slug.js';
import type { InstanceEntity } from '../instance.entity.js';
import { InstanceRegistry } from '../instance-registry.js';
import { newRow } from '../new-row.js';
import { keepOutputPath } from './domain/kept-output-path.js';
import type { KeptName } from './domain/kept-names.js';
import type { OriginalRow } from './domain/original-row.js';

/** What was decided for all rows together. */
export interface Decisions {
  names: ReadonlyMap<number, KeptName>;
  /** A port for every row. */
  ports: ReadonlyMap<number, number>;
  persistentPorts: ReadonlyMap<number, number>;
  displays: ReadonlyMap<number, number>;
  parents: ReadonlyMap<number, number>;
  /** Sentences about a row's folder. */
  folderNotices: ReadonlyMap<number, readonly string[]>;
}

/** What a row without a blueprint is taken for; its own script says how it runs. */
const UNKNOWN_BLUEPRINT = 'empty.sh';

/** The rows of this AiKore, in the order of the ids, which becomes the order on the dashboard. */
export function translateRows(originals: readonly OriginalRow[], decisions: Decisions): InstanceEntity[] {
  const slugs = new Set<string>();
  return originals.map((original, index) => {
    const { id } = original;
    const { name, formerName } = decisions.names.get(id) ?? { name: original.name, formerName: null };
    const slug = makeSlug(name, id, (candidate) => slugs.has(candidate));
    slugs.add(slug);
    const port = decisions.ports.get(id) ?? 0;
    const blueprint = original.base_blueprint.trim() === '' ? UNKNOWN_BLUEPRINT : original.base_blueprint;
    return {
      ...newRow({ name, base_blueprint: blueprint }, id, port, new InstanceRegistry()),
      id,
      slug,
      gpu_ids: original.gpu_ids,
      autostart: original.autostart,
      persistent_mode: original.persistent_mode,
      hostname: original.hostname,
      use_custom_hostname: original.use_custom_hostname,
      persistent_port: decisions.persistentPorts.get(id) ?? null,
      persistent_display: decisions.displays.get(id) ?? null,
      output_path: outputPathOf(original, formerName),
      python_version: original.python_version,
      cuda_version: original.cuda_version,
      torch_version: original.torch_version,
      parent_instance_id: decisions.parents.get(id) ?? null,
      position: index + 1,
      status_reason: [
        'It was taken over from the original AiKore and not started yet.',
        ...noticesOf(original, decisions),
        ...(decisions.folderNotices.get(id) ?? []),
      ].join(' '),
    };
  });
}

/** An instance that got another name goes on writing where its images are. */
function outputPathOf({ output_path: path }: OriginalRow, formerName: string | null): string | null {
  if (path !== null) return keepOutputPath(path);
  return formerName === null ? null : keepOutputPath(formerName);
}

/** What the operator would miss. */
function noticesOf(original: OriginalRow, { names, ports, parents }: Decisions): string[] {
  const { id, port, parent_instance_id: parent, output_path: outputPath } = original;
  const name = names.get(id);
  const notices: string[] = [];
  if (name !== undefined && name.formerName !== null)
    notices.push(`Its name ${JSON.stringify(name.formerName)} could not be kept; it is now ${name.name}.`);
  if (original.base_blueprint.trim() === '') notices.push('It named no blueprint.');
  if (port !== null && ports.get(id) !== port)
    notices.push(`Its port ${port} could not be kept and is now ${ports.get(id) ?? ''}.`);
  if (parent !== null && !parents.has(id))
    notices.push(`The instance ${parent}, whose environment it shared, does not exist.`);
  if (outputPath !== null && keepOutputPath(outputPath) === null)
    notices.push(`Its output path ${JSON.stringify(outputPath)} leads out of outputs/ and was dropped.`);
  if (original.status === 'installing')
    notices.push('The original had not finished copying it, so its folder may be incomplete.');
  return notices;
}
