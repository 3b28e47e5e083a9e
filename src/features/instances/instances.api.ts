/** What other features may use of this one. */
export { InstanceRegistry } from './instance-registry.js';
export { InstancePaths, SCRIPT_FILE } from './instance-paths.js';
export { MARKER_VARIABLE as INSTANCE_MARKER } from './domain/environment.js';
export { LaunchScript, originOf } from './launch-script.js';
export type { NoteOrigin } from './launch-script.js';
export { listOldSegments, liveBaseBytes } from './log-segments.js';
export type { OldSegment } from './log-segments.js';
export type { InstanceEntity as InstanceRow } from './instance.entity.js';
export type { Supervisor as InstanceSupervisor } from './supervisor/supervisor.js';
export { ShellSettings } from './shell-settings.js';
export type { InstanceShell } from './shell-settings.js';
export { isWithheld } from './domain/environment.js';
