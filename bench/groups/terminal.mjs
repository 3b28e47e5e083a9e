import { join } from 'node:path';
import { findWetty } from '../subjects/anchors.mjs';
import { aikoreTerminals, wettyTerminals, windowTerminals } from '../subjects/terminals.mjs';
import { lossRow, reattachRow, stalledRow } from './terminal-keeping.mjs';
import { echoRow, interruptRow } from './terminal-latency.mjs';
import { makeListing, parsedRow, plainRow } from './terminal-throughput.mjs';

/** @typedef {import('../lib/report.mjs').Row} Row */
/** @typedef {import('../run.mjs').Bench} Bench */

/** P1 to P7: terminals, side by side with a server of VS Code's constants and with wetty. */
export const terminal = {
  ids: ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7'],
  title: 'terminals, beside VS Code’s constants and wetty',
  /** @param {Bench} bench @returns {Promise<Row[]>} */
  async run(bench) {
    const ours = await aikoreTerminals(join(bench.scratch, 'ours'));
    const sides = [ours, await windowTerminals(join(bench.scratch, 'window'))];
    const wetty = await findWetty();
    if (wetty === null) bench.say('  wetty cannot be had here and is left out');
    else sides.push(await wettyTerminals(wetty, join(bench.scratch, 'wetty')));
    const listing = makeListing(join(bench.scratch, 'listing'), bench.isQuick ? 5e6 : 100e6);
    try {
      const measurements = [
        () => parsedRow(bench, sides, listing),
        () => plainRow(bench, sides, listing),
        () => interruptRow(bench, sides),
        () => echoRow(bench, sides),
        () => lossRow(bench, sides),
        () => stalledRow(bench, ours),
        () => reattachRow(bench, ours),
      ];
      const rows = [];
      for (const measure of measurements) {
        const measured = await measure();
        bench.say(`  ${measured.id}: ${measured.ours}`);
        rows.push(measured);
      }
      return rows;
    } finally {
      for (const side of sides) await side.close();
    }
  },
};
