import { expect } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blueprint, BlueprintCatalogue } from '../../../src/contracts/blueprint.js';
import type { InstallRecord } from '../../../src/contracts/environment.js';
import type { Instance, LogSlice } from '../../../src/contracts/instance.js';
import type { AiKoreProcess } from '../aikore-process.js';
import { TOKEN } from '../aikore-process.js';
import { waitFor } from '../wait.js';
import type { Accelerator, Facts, Places, StandIn } from './stand-in.js';
import type { Supply } from './supply.js';

/** What an installed application may add before its own launch; of the processor, since other suites may be at work. */
const WARM_LIMIT_SECONDS = 2;
const START_LIMIT_MS = 120_000;

/** A start, and what it did. */
interface Start {
  facts: Facts;
  log: string;
  /** Names of the phases, in order. */
  steps: string[];
}

/** One blueprint from its first start to one without network, through a real AiKore. */
export class CatalogueStory {
  private instance!: Instance;
  private blueprint!: Blueprint;
  private revision = 1;
  private hasTorch = false;
  private readonly accelerators: readonly Accelerator[];
  private accelerator: Accelerator;

  /** @param basePath a PATH without uv. @param uv the folder that holds uv */
  constructor(
    private readonly aikore: AiKoreProcess,
    private readonly standIn: StandIn,
    private readonly supply: Supply,
    private readonly basePath: string,
    private readonly uv: string | null,
  ) {
    this.accelerators = standIn.accelerators ?? ['cpu', 'cuda', 'rocm'];
    this.accelerator = this.accelerators[0] ?? 'cpu';
  }

  async run(): Promise<void> {
    await this.create();
    await this.installs();
    await this.startsWarm();
    await this.updates();
    await this.rebuilds();
    await this.changesAccelerator();
    await this.startsOffline();
  }

  private async create(): Promise<void> {
    const filename = `${this.standIn.blueprint}.sh`;
    const { stock } = await this.aikore.api.expect<BlueprintCatalogue>(200, 'GET', 'api/system/blueprints');
    const blueprint = stock.find((each) => each.filename === filename);
    if (blueprint === undefined) throw new Error(`${filename} is no shipped blueprint`);
    expect(blueprint.problems).toEqual([]);
    this.blueprint = blueprint;
    this.instance = await this.aikore.api.create({
      // With spaces, which a script must quote.
      name: `${this.standIn.key ?? this.standIn.blueprint} of a test`,
      base_blueprint: filename,
      env: this.environment(),
      python_version: this.standIn.python ?? null,
      launch_args: this.standIn.launchArgs ?? '',
      persistent_mode: false,
    });
  }

  private async installs(): Promise<void> {
    const { facts, steps } = await this.start();
    expect(facts.revision).toBe(this.expectedRevision);
    expect(steps.length).toBeGreaterThan(1);
    const record = JSON.parse(readFileSync(this.home('.aikore/install.json'), 'utf8')) as InstallRecord;
    expect(record.blueprint).toBe(this.standIn.blueprint);
    const recorded = record.repositories.map(({ url }) => ownerAndName(url));
    const declared = this.supply.urls.map(ownerAndName);
    expect(declared).toEqual(expect.arrayContaining(recorded));
    if (declared.length > 0) expect(recorded).not.toEqual([]);
    if (this.venv !== null) expect(facts.prefix).toBe(this.venv);
  }

  /** Nothing is installed or asked for, newer or not, and it costs next to nothing. */
  private async startsWarm(): Promise<void> {
    this.supply.commit(this.revision + 1);
    const asked = this.supply.requests;
    const { facts, steps } = await this.start();
    expect(facts.revision).toBe(this.expectedRevision);
    expect(steps).toEqual([expect.stringMatching(/^Starting /)]);
    expect(this.supply.requests).toBe(asked);
    expect(facts.cpu_seconds).toBeLessThan(WARM_LIMIT_SECONDS);
  }

  private async updates(): Promise<void> {
    this.revision += 1;
    if (this.supply.urls.length > 0) await this.wantUpdate();
    await this.setEnvironment();
    expect((await this.start()).facts.revision).toBe(this.expectedRevision);
    expect(existsSync(this.home('.aikore/update'))).toBe(false);
  }

  /** On another accelerator, where it can, whose builds of torch follow. */
  private async rebuilds(): Promise<void> {
    if (this.venv === null) return;
    if (this.hasTorch) await this.changeAccelerator(this.accelerators[1]);
    const marker = join(this.venv, 'of-the-old-one');
    writeFileSync(marker, '');
    await this.aikore.api.expect(202, 'POST', `api/instances/${this.instance.id}/rebuild`);
    await this.start();
    expect(existsSync(marker)).toBe(false);
  }

  /** The environment stays, and only torch is exchanged. */
  private async changesAccelerator(): Promise<void> {
    if (!this.hasTorch || this.accelerators[2] === undefined) return;
    await this.changeAccelerator(this.accelerators[2]);
    await this.start();
  }

  private async changeAccelerator(next: Accelerator | undefined): Promise<void> {
    this.accelerator = next ?? this.accelerator;
    await this.setEnvironment();
  }

  /** What is installed goes on working; an update that cannot be had is a warning. */
  private async startsOffline(): Promise<void> {
    this.supply.takeDown();
    expect((await this.start()).facts.revision).toBe(this.expectedRevision);
    if (this.supply.urls.length === 0) return;
    await this.wantUpdate();
    const { facts, log } = await this.start();
    expect(facts.revision).toBe(this.expectedRevision);
    expect(log).toContain('warning:');
  }

  /** Starts it, waits until it is ready, takes down what it was told, and stops it. */
  private async start(): Promise<Start> {
    const { api } = this.aikore;
    rmSync(this.home('stand-in.json'), { force: true });
    await api.command(this.instance.id, 'start');
    await this.ready();
    const { run } = (this.instance = await api.instance(this.instance.id));
    expect(this.instance.warnings.filter((warning) => warning.includes('listens'))).toEqual([]);
    const facts = JSON.parse(readFileSync(this.home('stand-in.json'), 'utf8')) as Facts;
    this.standIn.check?.(facts, this.places, this.accelerator);
    const torch = facts.versions['torch'];
    this.hasTorch = torch !== undefined;
    if (torch !== undefined) expect(torch).toMatch(new RegExp(`\\+${this.accelerator}$`));
    const log = await this.log(run);
    await this.answers();
    await api.shutDown(this.instance.id);
    return { facts, log, steps: stepsOf(log) };
  }

  private async ready(): Promise<void> {
    const { id } = this.instance;
    try {
      await waitFor(
        'it is ready',
        async () => {
          const { status, status_reason } = await this.aikore.api.instance(id);
          if (status === 'error') throw new Error(status_reason);
          // A program without a port is ready when it lives, and has not said anything by then.
          return status === 'started' && existsSync(this.home('stand-in.json'));
        },
        START_LIMIT_MS,
      );
    } catch (error) {
      const { run } = await this.aikore.api.instance(id);
      throw new Error(`${this.standIn.blueprint}, start ${run}:\n${await this.log(run)}`, { cause: error });
    }
  }

  /** It is reached through AiKore, as a browser does. */
  private async answers(): Promise<void> {
    if (this.standIn.serves === false) return;
    const answer = await fetch(this.instance.url, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<title>')]);
  }

  private async log(run: number): Promise<string> {
    const path = `api/instances/${this.instance.id}/logs?run=${run}&offset=0&limit=1000000`;
    return (await this.aikore.api.expect<LogSlice>(200, 'GET', path)).content;
  }

  private async wantUpdate(): Promise<void> {
    await this.aikore.api.expect(202, 'POST', `api/instances/${this.instance.id}/update`, {});
    expect(existsSync(this.home('.aikore/update'))).toBe(true);
  }

  private setEnvironment(): Promise<Instance> {
    const body = { env: this.environment() };
    return this.aikore.api.expect(200, 'PATCH', `api/instances/${this.instance.id}`, body);
  }

  private environment(): Record<string, string> {
    const uv = this.standIn.installer === 'pip' ? null : this.uv;
    return {
      PATH: uv === null ? this.basePath : `${uv}:${this.basePath}`,
      ...this.supply.environment(this.accelerator),
      ...this.standIn.variables?.(this.revision),
    };
  }

  private get expectedRevision(): string {
    return this.standIn.revisionOf?.(this.revision) ?? String(this.revision);
  }

  private get venv(): string | null {
    return this.blueprint.venv_path === null ? null : this.home(this.blueprint.venv_path);
  }

  private home(path: string): string {
    return join(this.aikore.home(this.instance.name), path);
  }

  private get places(): Places {
    return {
      home: this.aikore.home(this.instance.name),
      outputs: this.aikore.path('outputs', this.instance.name),
      models: this.aikore.path('models'),
      port: this.instance.port,
      prefix: `/instance/${this.instance.slug}/`,
    };
  }
}

/** Git may name the address that it was led to. */
const ownerAndName = (url: string): string =>
  url
    .replace(/\.git$/, '')
    .split('/')
    .slice(-2)
    .join('/');

const stepsOf = (log: string): string[] =>
  [...log.matchAll(/==> ([^\x1b\r\n]*)/g)].map(([, text = '']) => text);
