import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import type { Container } from './docker/container.js';

const FIXTURE = resolve(import.meta.dirname, '../fixtures/container');
/** Parts of one program; a blueprint is one file. */
const PARTS = ['attempts', 'on_files', 'on_processes', 'on_kernel', 'prober'];

/** What an application tried (test/fixtures/container), by the name of the attempt. */
export interface ProbeReport {
  /** What it got; an attempt against itself has the name `own: …`. */
  got: Record<string, string>;
  /** Why the others failed. */
  refused: Record<string, string>;
  facts: {
    /** Topmost places that it can find and write to. */
    writable: string[];
    /** Where the secrets stand that it looked for. */
    secrets: string[];
    /** Names of its variables. */
    environment: string[];
    groups: number[];
    /** Whose processes it tried: what they are. */
    targets: string[];
  };
}

function blueprint(): string {
  const parts = PARTS.map((name) => readFileSync(`${FIXTURE}/${name}.py`, 'utf8'));
  return ['exec python3 - <<"PROGRAM"', ...parts, 'PROGRAM', ''].join('\n');
}

/**
 * Runs the application that tries what it may not, as an instance named `Prober`.
 * @param secrets what it looks for; it is told them backwards, so that they are nowhere because of that
 */
export async function probe(
  container: Container,
  secrets: readonly string[],
): Promise<{ instance: Instance; report: ProbeReport }> {
  const { api } = container;
  await api.expect(201, 'POST', 'api/system/blueprints/custom', {
    filename: 'Prober.sh',
    content: blueprint(),
  });
  const backwards = secrets.map((secret) => Array.from(secret).reverse().join('')).join(' ');
  const instance = await api.create({
    name: 'Prober',
    base_blueprint: 'Prober.sh',
    env: { BACKWARDS: backwards },
  });
  const started = await api.startUp(instance.id);
  const text = await container.shell('cat /config/instances/Prober/report.json');
  return { instance: started, report: JSON.parse(text) as ProbeReport };
}
