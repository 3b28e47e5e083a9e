/**
 * What nobody needs before the table is there: forms, editing in rows, dragging, commands for several rows. One chunk,
 * fetched while nothing else is to do.
 */
import '../ui/late-styles.js';

export { openChangesDialog } from '../features/changes/changes-dialog.js';
export { openCreateDialog } from '../features/create/create-dialog.js';
export { openEditDialog } from '../features/create/edit-dialog.js';
export { confirmKill } from '../features/remedies/confirm-kill.js';
export { openShortcutsDialog } from '../features/palette/shortcuts-dialog.js';
export * as table from '../features/instances/late.js';
export { welcome } from '../features/welcome/welcome.js';
export { shortcutGroups } from './shortcut-groups.js';
