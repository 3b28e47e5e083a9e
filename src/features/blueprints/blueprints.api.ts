/** What other features may use of this one. */
export { MAX_BLUEPRINT_BYTES } from './blueprint-file.js';
export { BlueprintCatalogue } from './blueprint-catalogue.js';
export type { BlueprintDirectories } from './blueprint-catalogue.js';
export { BlueprintDto } from './blueprints.dto.js';
export { BlueprintsController } from './blueprints.controller.js';
export type { BlueprintUsers } from './blueprints.ports.js';
export { CustomBlueprintsService } from './custom-blueprints.service.js';
export { toScriptContent } from './script-content.js';
export { BLUEPRINT_NAME_RULE, isBlueprintFilename } from './domain/blueprint-name.js';
export { checkMetadata, parseMetadata } from './domain/metadata.js';
export { expandProbePath, readProbe } from './domain/metadata-values.js';
