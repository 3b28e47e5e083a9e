import { absoluteTests } from '../fixtures/absolute/suite.js';
import { startEmbedded } from '../fixtures/proxy/engine.js';
import { describeWithNginx, startNginx } from '../fixtures/proxy/nginx-engine.js';

absoluteTests('the embedded proxy', startEmbedded);
describeWithNginx('with NGINX installed', () => absoluteTests('NGINX', startNginx));
