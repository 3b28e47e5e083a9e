import { startNginx } from '../fixtures/proxy/nginx-engine.js';
import { proxySuite } from '../fixtures/proxy/suite.js';

proxySuite('NGINX', startNginx);
