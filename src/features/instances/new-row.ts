import type { InstanceCreate } from '../../contracts/instance.js';
import { makeSlug } from './domain/slug.js';
import type { InstanceEntity } from './instance.entity.js';
import type { InstanceRegistry } from './instance-registry.js';

/**
 * The row of an instance that was never started.
 * @param id that the row will get, for the slug of a name without letters and digits
 */
export function newRow(
  wish: InstanceCreate,
  id: number,
  port: number,
  registry: InstanceRegistry,
): Omit<InstanceEntity, 'id'> {
  const now = new Date().toISOString();
  const rows = [...registry.rows()];
  return {
    name: wish.name,
    slug: makeSlug(wish.name, id, (slug) => registry.findBySlug(slug) !== null),
    base_blueprint: wish.base_blueprint,
    gpu_ids: wish.gpu_ids ?? null,
    autostart: wish.autostart ?? false,
    persistent_mode: wish.persistent_mode ?? false,
    hostname: wish.hostname ?? null,
    use_custom_hostname: wish.use_custom_hostname ?? false,
    port,
    public_port: wish.public_port ?? null,
    persistent_port: null,
    persistent_display: null,
    output_path: wish.output_path ?? null,
    python_version: wish.python_version ?? null,
    cuda_version: wish.cuda_version ?? null,
    torch_version: wish.torch_version ?? null,
    git_ref: wish.git_ref ?? null,
    extra_requirements: wish.extra_requirements ?? '',
    access_mode: wish.access_mode ?? 'path',
    restart_policy: wish.restart_policy ?? 'no',
    env: wish.env ?? {},
    launch_args: wish.launch_args ?? '',
    probe: wish.probe ?? null,
    parent_instance_id: null,
    position: rows.reduce((highest, row) => Math.max(highest, row.position), 0) + 1,
    script_origin: null,
    revision: 1,
    created_at: now,
    updated_at: now,
    status: 'stopped',
    status_reason: 'It was not started yet.',
    status_since: now,
    desired: 'stopped',
    pid: null,
    exit_code: null,
    exit_signal: null,
    evidence: [],
    failure: null,
    restarts: 0,
    restart_times: [],
    next_restart_at: null,
    run: 0,
    pending_restart: false,
  };
}
