import { renameSync, writeFileSync } from 'node:fs';
import type { AiKoreProcess } from './aikore-process.js';
import { waitFor } from './wait.js';

/** An instance that prints exactly what a test hands to it. */
export class Emitter {
  /** How much it was handed in this run. */
  totalBytes = 0;
  private count = 0;

  private constructor(
    private readonly aikore: AiKoreProcess,
    readonly id: number,
    readonly name: string,
  ) {}

  static async start(aikore: AiKoreProcess, name: string): Promise<Emitter> {
    const { id } = await aikore.api.create({ name, base_blueprint: 'emits.sh' });
    await aikore.api.startUp(id);
    return new Emitter(aikore, id, name);
  }

  file(...segments: string[]): string {
    return this.aikore.home(this.name, ...segments);
  }

  /** Hands something over and waits until it is in the log. */
  async print(bytes: Buffer | string): Promise<void> {
    const content = Buffer.from(bytes);
    this.count += 1;
    this.totalBytes += content.length;
    // Only whole files may be seen.
    writeFileSync(this.file('emit.part'), content);
    renameSync(this.file('emit.part'), this.file(`emit-${this.count}`));
    await waitFor(
      `${this.totalBytes} bytes in the log`,
      async () => (await this.sizeBytes()) >= this.totalBytes,
      30_000,
    );
  }

  /** Size of the log as AiKore tells it. */
  async sizeBytes(): Promise<number> {
    const slice = await this.aikore.api.expect<{ size: number }>(
      200,
      'GET',
      `api/instances/${this.id}/logs?offset=-1`,
    );
    return slice.size;
  }
}
