import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { TOKEN } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { sendRequest } from '../support/raw-request.js';
import { readRoutes } from '../support/routes.js';

// Ways out of a folder, in every piece of an address that the router hands to AiKore, and in every field that names a file.

const lab = useLab();
const { routes, matrix } = readRoutes(lab.dataDir());
const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;
/** Lies outside the data directory, and again in it beside the folders that may be read. */
const SECRET = 'not-for-you-4f1f';

const WAYS_OUT = [
  '..',
  '.',
  '../precious',
  '../../precious',
  '..%2fprecious',
  '..%2f..%2fprecious',
  '%2e%2e%2fprecious',
  '%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '%252e%252e%252fprecious',
  '..%252f..%252fprecious',
  '..%5cprecious',
  '..\\precious',
  '%2fetc%2fpasswd',
  '%2f%2f%2fetc%2fpasswd',
  '/etc/passwd',
  'precious%00',
  '%00',
  '..%00/precious',
  '..%c0%afprecious',
  '%c0%ae%c0%ae%2fprecious',
  '..%e2%88%95precious',
  '....//precious',
  '..;/precious',
  'linked',
  'linked%2fprecious',
  'aikore.db',
  '..%2faikore.db',
  '-rf',
  '%0d%0aX-Injected:%20yes',
  `${'a'.repeat(255)}%2f..%2fprecious`,
];

const parametrised = [
  ...new Set(routes.filter(({ url }) => /[:*]/.test(url)).map(({ method, url }) => `${method} ${url}`)),
];

let aikore: AiKoreProcess;
let id = 0;

beforeAll(async () => {
  aikore = await lab.start();
  const instance = await aikore.api.create({ name: 'Inner', base_blueprint: 'idles.sh' });
  ({ id } = instance);
  const outside = join(lab.root, 'outside');
  mkdirSync(outside);
  for (const path of [
    join(outside, 'precious'),
    join(lab.root, 'precious'),
    aikore.path('precious'),
    aikore.path('instances', 'precious'),
  ])
    writeFileSync(path, SECRET);
  for (const folder of ['custom_blueprints', 'trashcan', 'instances', 'instances/Inner']) {
    mkdirSync(aikore.path(folder), { recursive: true });
    symlinkSync(outside, aikore.path(folder, 'linked'));
  }
  symlinkSync(join(outside, 'precious'), aikore.path('custom_blueprints', 'linked.sh'));
});

/** Every address of a route with a way out in the place of one of its pieces; the others are what they should be. */
function addressesOf(pattern: string): string[] {
  const pieces = pattern.match(/:\w+|\*/g) ?? [];
  return pieces.flatMap((_piece, index) =>
    WAYS_OUT.map((way) => {
      let count = -1;
      return pattern.replace(/:\w+|\*/g, (piece) => {
        count += 1;
        if (count === index) return way;
        return { ':id': String(id), ':command': 'nothing', ':filename': 'idles.sh' }[piece] ?? 'x';
      });
    }),
  );
}

describe('a piece of an address', () => {
  it.each(parametrised)('%s leads nowhere else', async (key) => {
    const [method = '', pattern = ''] = key.split(' ');
    // As the holder of every scope, and, where anybody is answered, as nobody.
    const isPublic = matrix[`${method === 'HEAD' ? 'GET' : method} ${pattern}`] === 'public';
    for (const address of addressesOf(pattern)) {
      const answer = await sendRequest(aikore.port, `${method} ${address}`, isPublic ? [] : [AUTHORIZATION]);
      const said = answer.head + answer.body;
      expect([address, /root:x:0|SQLite format/.test(said), said.includes(SECRET)]).toEqual([
        address,
        false,
        false,
      ]);
      expect([address, /^x-injected/im.test(answer.head)]).toEqual([address, false]);
      // 503 is what a browser gets that fetches a sign-in link ahead.
      expect([address, answer.status < 500 || answer.status === 503]).toEqual([address, true]);
    }
  });

  it('has left everything as it was', async () => {
    const names = (await aikore.api.instances()).map(({ name }) => name);
    expect(names).toEqual(['Inner']);
    for (const path of [
      join(lab.root, 'outside', 'precious'),
      join(lab.root, 'precious'),
      aikore.path('precious'),
    ])
      expect(readFileSync(path, 'utf8')).toBe(SECRET);
  });
});

describe('a field that names something', () => {
  const ways = WAYS_OUT.map((way) => decode(way)).filter((way) => !/^(-rf|linked.*|aikore.db)$/.test(way));
  const bodies: [string, string, (way: string) => object][] = [
    ['POST', 'api/instances', (way) => ({ name: way, base_blueprint: 'idles.sh' })],
    ['POST', 'api/instances', (way) => ({ name: 'Fresh', base_blueprint: way })],
    ['POST', 'api/instances', (way) => ({ name: 'Fresh', base_blueprint: `${way}.sh` })],
    ['POST', 'api/instances', (way) => ({ name: 'Fresh', base_blueprint: 'idles.sh', output_path: way })],
    ['POST', 'api/instances', (way) => ({ name: 'Fresh', base_blueprint: 'idles.sh', hostname: way })],
    ['POST', 'api/system/blueprints/custom', (way) => ({ filename: way, content: 'exit 0\n' })],
    ['POST', 'api/system/blueprints/custom', (way) => ({ filename: `${way}.sh`, content: 'exit 0\n' })],
    ['POST', 'api/system/blueprints/custom/idles.sh/rename', (way) => ({ filename: `${way}.sh` })],
  ];

  it.each(bodies.map((body) => [`${body[0]} ${body[1]} ${JSON.stringify(body[2]('…'))}`, body] as const))(
    '%s is refused for every way out',
    async (_what, [method, path, bodyOf]) => {
      for (const way of ways) {
        const { status } = await aikore.api.refused(method, path, bodyOf(way));
        // What is only an odd word may be a name; it must not be a path.
        if (/[/\\\0\r\n]|^\.+$/.test(way)) expect([way, status >= 400 && status < 500]).toEqual([way, true]);
        expect(status).toBeLessThan(500);
      }
    },
  );
});

function decode(way: string): string {
  try {
    return decodeURIComponent(way);
  } catch {
    return way;
  }
}
