import { writeFileSync } from 'node:fs';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from './aikore-process.js';

/** The last lines of a script that is to serve: everything is answered on loopback. */
export const SERVES = `exec node -e '
  require("node:http").createServer((request, response) => response.end("answered"))
    .listen(Number(process.env.WEBUI_PORT), "127.0.0.1");
'`;

/** Head of a script that has an environment. */
export const withVenv = (path: string): string => `### AIKORE-METADATA-START ###
# aikore.name = inline
# aikore.venv_type = python
# aikore.venv_path = ${path}
### AIKORE-METADATA-END ###
source "$AIKORE_FUNCTIONS"
`;

let count = 0;

/** Creates an instance of a blueprint that is written for one test. */
export function createInline(aikore: AiKoreProcess, script: string): Promise<Instance> {
  const name = `inline ${(count += 1)}`;
  const base_blueprint = `${name.replace(' ', '-')}.sh`;
  writeFileSync(aikore.path('custom_blueprints', base_blueprint), `${script}\n`);
  return aikore.api.create({ name, base_blueprint });
}
