import { startEmbedded } from '../fixtures/proxy/engine.js';
import { proxySuite } from '../fixtures/proxy/suite.js';

proxySuite('the embedded proxy', startEmbedded);
