import { exists } from '../../../host/files/exists.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';
import { desktopEnvironment } from './desktop-order.js';
import type { DesktopEnvironment } from './desktop-order.js';

/** What a program needs to open a window on an instance's desktop; nothing while there is none. */
export async function environmentOfDesktop(
  row: InstanceEntity,
  paths: InstancePaths,
): Promise<DesktopEnvironment> {
  const authority = paths.xAuthority(row.id);
  const { persistent_display: display } = row;
  return display !== null && (await exists(authority)) ? desktopEnvironment(display, authority) : {};
}
