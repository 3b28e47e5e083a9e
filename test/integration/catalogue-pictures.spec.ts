import { aiToolkit } from '../fixtures/catalogue/ai-toolkit.js';
import { comfyui } from '../fixtures/catalogue/comfyui.js';
import { easydiffusion } from '../fixtures/catalogue/easydiffusion.js';
import { fooocus } from '../fixtures/catalogue/fooocus.js';
import { framepack } from '../fixtures/catalogue/framepack.js';
import { invokeai } from '../fixtures/catalogue/invokeai.js';
import { swarmui } from '../fixtures/catalogue/swarmui.js';
import { fluxgym, kohya } from '../fixtures/catalogue/trainers.js';
import { automatic1111, forge, sdnext } from '../fixtures/catalogue/webui-family.js';
import { describeCatalogue } from '../support/stand-ins/use-catalogue.js';

describeCatalogue([
  ...[fooocus, comfyui, forge, automatic1111, sdnext, invokeai],
  ...[kohya, fluxgym, easydiffusion, swarmui, aiToolkit, framepack],
]);
