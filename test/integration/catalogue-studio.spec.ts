import { aceStep } from '../fixtures/catalogue/ace-step.js';
import { desktopAppImage, desktopArchive } from '../fixtures/catalogue/desktop-program.js';
import { faceFusion } from '../fixtures/catalogue/face-fusion.js';
import { iopaint } from '../fixtures/catalogue/iopaint.js';
import { oneTrainer } from '../fixtures/catalogue/one-trainer.js';
import { ultimateTts } from '../fixtures/catalogue/ultimate-tts.js';
import { voicebox } from '../fixtures/catalogue/voicebox.js';
import { wan2gp } from '../fixtures/catalogue/wan2gp.js';
import { describeCatalogue } from '../support/stand-ins/use-catalogue.js';

describeCatalogue([
  ...[oneTrainer, faceFusion, iopaint, wan2gp, aceStep, ultimateTts, voicebox],
  ...[desktopArchive, desktopAppImage],
]);
