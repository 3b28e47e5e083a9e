import { absoluteTests } from '../fixtures/absolute/suite.js';
import { startEmbedded } from '../fixtures/proxy/engine.js';

absoluteTests('the embedded proxy', startEmbedded);
