import { gradioApp } from '../fixtures/catalogue/gradio-app.js';
import { gradioSample } from '../fixtures/catalogue/gradio-sample.js';
import { jupyterlab } from '../fixtures/catalogue/jupyterlab.js';
import { llamaCpp, llamaCppCuda } from '../fixtures/catalogue/llama-cpp.js';
import { lmStudio } from '../fixtures/catalogue/lm-studio.js';
import { ollama } from '../fixtures/catalogue/ollama.js';
import { openWebui } from '../fixtures/catalogue/open-webui.js';
import { sillyTavern } from '../fixtures/catalogue/silly-tavern.js';
import { textGenerationWebui } from '../fixtures/catalogue/text-generation-webui.js';
import { describeCatalogue } from '../support/stand-ins/use-catalogue.js';

describeCatalogue([
  ...[openWebui, ollama, llamaCpp, llamaCppCuda, lmStudio, textGenerationWebui, sillyTavern],
  ...[jupyterlab, gradioSample, gradioApp],
]);
