import type { Transform } from 'node:stream';
import { versioned } from './assets/own-files.js';
import { isInjectable } from './domain/documents.js';
import { DocumentRewriter } from './domain/document-rewriter.js';
import { nonceOf } from './domain/policy.js';
import type { RawHeaders } from './domain/raw-headers.js';
import { headerValues } from './domain/raw-headers.js';
import type { Mount } from './domain/route.js';
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
    return new HeadInjector((beginning) => headMarkup(mount, raw, beginning), new DocumentRewriter(mount));
  }
  const { workerKind } = view;
  if (workerKind === null || !isPreludeable(view.method, status, raw)) return null;
  const address = folder + versioned('worker-shim.js');
  return new ScriptInjector((beginning) => workerPrelude(workerKind, address, beginning));
}

const HAS_IMPORT_MAP = /<script\b[^>]*\stype\s*=\s*["']?importmap/i;

/**
 * The shim, and a map by which modules find each other under the prefix, whoever names them by an absolute address. Not
 * all browsers take two maps, so that of the application stays alone; and a policy may forbid what is not in a file.
 */
function headMarkup(mount: Mount, raw: RawHeaders, beginning: string): string {
  const policies = headerValues(raw, 'content-security-policy');
  const nonce = nonceOf(policies);
  const attribute = nonce === null ? '' : ` nonce="${nonce}"`;
  const shim = `<script src="${mount}${OWN_FOLDER}${versioned('shim.js')}"${attribute}></script>`;
  if ((policies.length > 0 && nonce === null) || HAS_IMPORT_MAP.test(beginning)) return shim;
  const imports = JSON.stringify({ imports: { '/': `${mount}/`, '/instance/': '/instance/' } });
  return `${shim}<script type="importmap"${attribute}>${imports}</script>`;
}
