import { beforeAll, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import type { TrashEntry } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { asApps, startKeptApart } from '../support/kept-apart.js';
import { useLab } from '../support/lab.js';
import { ownedBelow } from '../support/owned-files.js';
import type { Owned } from '../support/owned-files.js';
import { TerminalClient } from '../support/terminal-client.js';
import { AIKORE_UID, APPS, describeTwoUsers } from '../support/two-users.js';

const PROCESS_PROBE = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
`;
const MANIFEST = '.aikore-instance.json';

describeTwoUsers('files, where applications have a user of their own', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;

  beforeAll(async () => {
    aikore = await startKeptApart(lab, { AIKORE_STOP_GRACE: '1' });
  });

  const strangersAmong = (owned: Owned[]): Owned[] =>
    owned.filter(({ uid, gid }) => uid !== APPS.uid || gid !== APPS.gid);
  const uidOf = (...path: string[]): number => statSync(aikore.path(...path)).uid;
  const modeOf = (...path: string[]): string => (statSync(aikore.path(...path)).mode & 0o777).toString(8);

  it('of AiKore are closed to them, and the volume is not theirs to change', () => {
    for (const file of ['aikore.db', 'aikore.db-wal', 'aikore.db-shm', 'run/aikore.lock'])
      expect([file, uidOf(file), modeOf(file)]).toEqual([file, AIKORE_UID, '600']);
    for (const folder of ['backups', 'run/nginx'].filter((name) => existsSync(aikore.path(name))))
      expect([folder, uidOf(folder), modeOf(folder)]).toEqual([folder, AIKORE_UID, '700']);
    for (const folder of ['', 'instances', 'trashcan', 'run', 'run/instances', 'run/terminals'])
      expect(() => asApps('touch "$1/planted"', aikore.path(folder))).toThrow();
    for (const file of ['aikore.db', 'aikore.db-wal', 'run/aikore.lock'])
      expect(() => asApps('cat "$1"', aikore.path(file))).toThrow();
  });

  it('of an instance are theirs, whatever AiKore does with them', async () => {
    const { id } = await aikore.api.create({ name: 'owned', base_blueprint: 'idles.sh' });
    expect(strangersAmong(ownedBelow(aikore.home('owned')))).toEqual([]);
    for (const round of [1, 2]) {
      await aikore.api.startUp(id);
      const content = `${PROCESS_PROBE}echo version ${round}; exec sleep 100\n`;
      const saved = await aikore.api.send(
        'PUT',
        `api/instances/${id}/script`,
        { content },
        { 'if-match': '*' },
      );
      expect(saved.status).toBe(200);
      await aikore.api.shutDown(id);
    }
    expect(readdirSync(aikore.home('owned', 'logs'))).toContain('1.log');
    expect(readdirSync(aikore.home('owned', '.aikore/script-history'))).toContain('2.sh');
    for (const place of ['instances/owned', 'outputs/owned', `run/instances/${id}`])
      expect(strangersAmong(ownedBelow(aikore.path(place)))).toEqual([]);
  });

  it('below an output path are theirs as well', async () => {
    const { id } = await aikore.api.create({
      name: 'deep outputs',
      base_blueprint: 'idles.sh',
      output_path: 'shared/of/several',
    });
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    expect(strangersAmong(ownedBelow(aikore.path('outputs', 'shared')))).toEqual([]);
    asApps('touch "$1/picture.png"', aikore.path('outputs/shared/of/several'));
  });

  it('of the trash can come back as theirs, their settings being AiKore’s meanwhile', async () => {
    const { id } = await aikore.api.create({
      name: 'thrown',
      base_blueprint: 'idles.sh',
      env: { TOKEN: 'x' },
    });
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    expect(strangersAmong(ownedBelow(aikore.path('trashcan', 'thrown'))).map(({ path }) => path)).toEqual([
      MANIFEST,
    ]);
    expect(modeOf('trashcan', 'thrown', MANIFEST)).toBe('600');
    const [entry] = await aikore.api.expect<TrashEntry[]>(200, 'GET', 'api/trash');
    expect(entry?.name).toBe('thrown');
    await aikore.api.expect(200, 'POST', 'api/trash/thrown/restore');
    expect(strangersAmong(ownedBelow(aikore.home('thrown')))).toEqual([]);
  });

  it('keep their owner under another name', async () => {
    const { id } = await aikore.api.create({ name: 'before', base_blueprint: 'idles.sh' });
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { name: 'after' });
    for (const place of ['instances/after', 'outputs/after'])
      expect(strangersAmong(ownedBelow(aikore.path(place)))).toEqual([]);
    expect(readdirSync(aikore.path('instances')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('that blueprints are, are theirs too, and can be edited in a terminal', async () => {
    const body = { filename: 'mine.sh', content: 'echo mine\n' };
    await aikore.api.expect(201, 'POST', 'api/system/blueprints/custom', body);
    expect(uidOf('custom_blueprints', 'mine.sh')).toBe(APPS.uid);
    asApps('echo "echo more" >>"$1"', aikore.path('custom_blueprints', 'mine.sh'));
    expect(readFileSync(aikore.path('custom_blueprints', 'mine.sh'), 'utf8')).toBe('echo mine\necho more\n');
  });

  it('of a terminal are theirs, and gone with it', async () => {
    const terminal = await TerminalClient.open(aikore);
    const folder = aikore.path('run', 'terminals', terminal.id);
    expect(strangersAmong(ownedBelow(folder))).toEqual([]);
    expect(modeOf('run', 'terminals', terminal.id)).toBe('700');
    expect(await terminal.run('id -u')).toBe(`${APPS.uid}\n`);
    await aikore.api.expect(204, 'DELETE', `api/system/terminals/${terminal.id}`);
    expect(existsSync(folder)).toBe(false);
    terminal.close();
  });

  it('belong to root nowhere', () => {
    const roots = ownedBelow(aikore.dataDir).filter(({ uid }) => uid === 0);
    // Those that the lab has laid there before AiKore was.
    expect(roots.filter(({ path }) => !path.startsWith('custom_blueprints/'))).toEqual([]);
  });
});
