import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from './aikore-process.js';
import { waitFor } from './wait.js';
import type { Way } from './ways.js';

const FIXTURE = resolve(import.meta.dirname, '../fixtures/malicious');

/** What a page of the attacker's found out: null where an attack got nothing, else what it got. */
export type Results = Record<string, string | null>;

/** What arrived at the attacker's backend. */
export interface Arrived {
  method: string;
  url: string;
  rawHeaders: string[];
  body: string;
}

/** The malicious application (test/fixtures/malicious) as an instance of an AiKore. */
export class Attacker {
  private constructor(
    private readonly aikore: AiKoreProcess,
    readonly instance: Instance,
  ) {}

  static async plant(aikore: AiKoreProcess, way: Way): Promise<Attacker> {
    copyFileSync(`${FIXTURE}/malicious.sh`, aikore.path('custom_blueprints', 'malicious.sh'));
    const instance = await aikore.api.create({
      name: 'Evil',
      base_blueprint: 'malicious.sh',
      env: { ATTACKER: `${FIXTURE}/server.mjs` },
      ...way.wish('evil'),
    });
    await aikore.api.startUp(instance.id);
    return new Attacker(aikore, instance);
  }

  /** Lets the page do its worst and returns what its backend was told. @param target see `page/run.js` */
  async run(
    page: Page | ReturnType<Page['frames']>[number],
    campaign: string,
    target: object,
  ): Promise<Results> {
    await page.evaluate(`attack(${JSON.stringify(campaign)}, ${JSON.stringify(target)})`);
    const file = this.aikore.home('Evil', `report-${campaign}.json`);
    await waitFor('the report has arrived', () => existsSync(file));
    return JSON.parse(readFileSync(file, 'utf8')) as Results;
  }

  /** All requests and handshakes that reached the backend. */
  arrived(): Arrived[] {
    const lines = readFileSync(this.aikore.home('Evil', 'requests.jsonl'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Arrived);
  }
}
