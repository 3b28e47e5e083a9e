import type { Blueprint, BlueprintCatalogue } from '../../../src/contracts/blueprint.js';
import { Observable } from '../base/observable.js';
import { blueprintLabel, blueprintName } from '../domain/blueprint.js';

/** The catalogue as last fetched; null before. Custom blueprints come and go on disk, so forms ask anew. */
export class BlueprintStore {
  readonly catalogue = new Observable<BlueprintCatalogue | null>(null);

  constructor(private readonly fetchCatalogue: () => Promise<BlueprintCatalogue>) {}

  /** @throws ApiError; what was known stays. */
  async refresh(): Promise<void> {
    this.catalogue.set(await this.fetchCatalogue());
  }

  /** In the background: what was known stays when it cannot be asked for, and a form that needs it asks anew. */
  async refreshQuietly(): Promise<void> {
    try {
      await this.refresh();
    } catch {
      return;
    }
  }

  all(): Blueprint[] {
    const catalogue = this.catalogue.value;
    return catalogue ? [...catalogue.custom, ...catalogue.stock] : [];
  }

  find(filename: string): Blueprint | null {
    return this.all().find((candidate) => candidate.filename === filename) ?? null;
  }

  /** The name shown for an instance's `base_blueprint`. */
  label(filename: string): string {
    const blueprint = this.find(filename);
    return blueprint ? blueprintName(blueprint) : blueprintLabel(filename);
  }
}
