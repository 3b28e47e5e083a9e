/** What the table needs only once somebody does something with it: it comes in a chunk that is fetched later. */
export { bulkShare, runBulk } from './bulk.js';
export { RowDrag } from './row-drag.js';
export { RowEditing } from './row-editing.js';
export { RowMoving } from './row-moving.js';
export { RowPress } from './row-press.js';
export { SelectionBar } from './selection-bar.js';
