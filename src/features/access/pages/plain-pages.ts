import { OWN_FOLDER } from '../domain/route.js';
import { actionLink, escapeHtml, pageHtml } from './layout.js';

/** For a person who is not signed in. The page reloads itself once they are. */
export function signInPage(dashboard: string): string {
  return pageHtml({
    title: 'Sign in to AiKore',
    folder: OWN_FOLDER,
    script: 'sign-in.js',
    main: `<h1>Sign in to AiKore</h1>
<p>This address belongs to an application that AiKore runs. Sign in on the dashboard; this page then opens by itself.</p>
${actionLink(`${dashboard}/`, 'Sign in')}`,
  });
}

/** For a Host that AiKore does not answer to. */
export function unknownHostPage(host: string): string {
  return pageHtml({
    title: 'Unknown host',
    folder: OWN_FOLDER,
    main: `<h1>AiKore does not answer to this name</h1>
<p>The browser asked for <code>${escapeHtml(host)}</code>. If that is a name of this machine, add it to the
environment variable <code>AIKORE_ALLOWED_HOSTS</code> and start AiKore again.</p>
<p class="soft">Addresses and <code>localhost</code> always work. The check keeps foreign web sites from reaching
AiKore under a name of their own.</p>`,
  });
}

/** For an address that leads nowhere. It names no other instance. */
export function notFoundPage(dashboard: string): string {
  return pageHtml({
    title: 'Not found',
    folder: OWN_FOLDER,
    main: `<h1>There is nothing here</h1>
<p>No instance answers at this address. It may have been deleted or have another address now.</p>
${actionLink(`${dashboard}/`, 'Open the dashboard')}`,
  });
}

/** The root of the applications' origin. */
export function homePage(dashboard: string): string {
  return pageHtml({
    title: 'AiKore',
    folder: OWN_FOLDER,
    main: `<h1>Applications of AiKore</h1>
<p>Each application has an address of its own here. The dashboard lists them.</p>
${actionLink(`${dashboard}/`, 'Open the dashboard')}`,
  });
}

/** For a page of an origin that may not act on applications in the operator's name. */
export function forbiddenPage(dashboard: string): string {
  return pageHtml({
    title: 'Not allowed',
    folder: OWN_FOLDER,
    main: `<h1>This request came from another site</h1>
<p>Only pages of AiKore and of its applications may change something here.</p>
${actionLink(`${dashboard}/`, 'Open the dashboard')}`,
  });
}

/** For an application that took the connection and closed it without an answer. */
export function noAnswerPage(name: string, dashboard: string): string {
  return pageHtml({
    title: `${name} did not answer`,
    folder: OWN_FOLDER,
    main: `<h1>${escapeHtml(name)} did not answer</h1>
<p>The application closed the connection before it sent a complete answer. Its log may say why.</p>
${actionLink(`${dashboard}/`, 'Open the dashboard')}`,
  });
}
