import { apiCalls } from './api-calls.mjs';
import { apiList } from './api-list.mjs';
import { clone } from './clone.mjs';
import { coldStart } from './cold-start.mjs';
import { crashLatency } from './crash-latency.mjs';
import { dashboardLive } from './dashboard-live.mjs';
import { firstLoad } from './first-load.mjs';
import { idle } from './idle.mjs';
import { logsFollow } from './logs-follow.mjs';
import { logsIngest } from './logs-ingest.mjs';
import { logsRead } from './logs-read.mjs';
import { page } from './page.mjs';
import { proxyDownloads } from './proxy-downloads.mjs';
import { proxyRequests } from './proxy-requests.mjs';
import { proxySockets } from './proxy-sockets.mjs';
import { proxyWorkers } from './proxy-workers.mjs';
import { routeLatency } from './route-latency.mjs';
import { signIn } from './sign-in.mjs';
import { supervisors } from './supervisors.mjs';
import { terminal } from './terminal.mjs';
import { thousand } from './thousand.mjs';
import { startLatency } from './start-latency.mjs';
import { statsTick } from './stats-tick.mjs';
import { warmStart } from './warm-start.mjs';

/**
 * @typedef {{ ids: string[], title: string,
 *   run: (bench: import('../run.mjs').Bench) => Promise<import('../lib/report.mjs').Row[]> }} Group
 */

/** In the order of the plan's table. @type {Group[]} */
export const groups = [
  terminal,
  logsRead,
  logsIngest,
  logsFollow,
  proxyRequests,
  proxyDownloads,
  proxySockets,
  proxyWorkers,
  routeLatency,
  startLatency,
  crashLatency,
  supervisors,
  idle,
  thousand,
  statsTick,
  firstLoad,
  page,
  dashboardLive,
  apiCalls,
  apiList,
  coldStart,
  signIn,
  warmStart,
  clone,
];
