import { describeWithNginx, startNginx } from '../fixtures/proxy/nginx-engine.js';
import { proxySuite } from '../fixtures/proxy/suite.js';

describeWithNginx('with NGINX installed', () => proxySuite('NGINX', startNginx));
