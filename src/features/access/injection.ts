import type { Transform } from 'node:stream';
import { versioned } from './assets/own-files.js';
import { isInjectable } from './domain/documents.js';
import { nonceOf } from './domain/policy.js';
import type { RawHeaders } from './domain/raw-headers.js';
import { headerValues } from './domain/raw-headers.js';
import { OWN_FOLDER } from './domain/route.js';
import { isPreludeable, workerPrelude } from './domain/worker-scripts.js';
import { HeadInjector } from './head-injector.js';
import { ScriptInjector } from './script-injector.js';
import type { ProxyJob } from './upstream.js';
import { isShimWanted } from './upstream.js';

/** What brings the shim into the body of an answer, or null where it stays as it is. */
export function injectorFor(job: ProxyJob, status: number, raw: RawHeaders): Transform | null {
  if (!isShimWanted(job)) return null;
  const { view, mount } = job;
  const folder = mount + OWN_FOLDER;
  if (view.isDocument && isInjectable(view.method, status, raw)) {
    return new HeadInjector(tag(folder + versioned('shim.js'), raw));
  }
  const { workerKind } = view;
  if (workerKind === null || !isPreludeable(view.method, status, raw)) return null;
  const address = folder + versioned('worker-shim.js');
  return new ScriptInjector((beginning) => workerPrelude(workerKind, address, beginning));
}

function tag(address: string, raw: RawHeaders): string {
  const nonce = nonceOf(headerValues(raw, 'content-security-policy'));
  return `<script src="${address}"${nonce === null ? '' : ` nonce="${nonce}"`}></script>`;
}
