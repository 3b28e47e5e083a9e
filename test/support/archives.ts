import { HEAD_FORMAT } from '../../src/features/transfers/domain/archive-head.js';
import type { RawEntry } from './tar.js';
import { gz, rawEntry, tarOf } from './tar.js';

/** A description that passes; `change` is put over its fields. */
export function headText(
  counts: { bytes: number; files: number; entries: number },
  change: { contents?: object; settings?: object } & Record<string, unknown> = {},
): string {
  const { contents, settings, ...others } = change;
  return JSON.stringify({
    format: HEAD_FORMAT,
    version: 1,
    contents: {
      instance_name: 'made by hand',
      base_blueprint: 'answers.sh',
      has_environment: false,
      has_outputs: false,
      withheld: [],
      total_bytes: counts.bytes,
      file_count: counts.files,
      exported_at: '2026-01-31T12:00:00.000Z',
      made_by: '0.1.0',
      ...contents,
    },
    settings: { base_blueprint: 'answers.sh', env: {}, ...settings },
    entry_count: counts.entries,
    home: '/config/instances/made by hand',
    interpreters: {},
    ...others,
  });
}

export const SCRIPT: RawEntry = { name: 'files/launch.sh', content: 'exec sleep 600\n', mode: 0o755 };

/**
 * An archive of a script and of further entries, which says that it holds just that.
 * @param change put over its description
 */
export function archiveOf(
  entries: readonly (Buffer | RawEntry)[],
  change: Parameters<typeof headText>[1] = {},
  counted: { bytes?: number; files?: number; entries?: number } = {},
): Buffer {
  const all = [SCRIPT, ...entries];
  const files = all.filter((entry) => Buffer.isBuffer(entry) || (entry.type ?? '0') === '0');
  const bytes = files.reduce(
    (sum, entry) => sum + (Buffer.isBuffer(entry) ? 0 : Buffer.byteLength(entry.content ?? '')),
    0,
  );
  const counts = { bytes, files: files.length, entries: all.length, ...counted };
  const head = rawEntry({ name: 'aikore.json', content: headText(counts, change) });
  return gz(tarOf([head, ...all]));
}
