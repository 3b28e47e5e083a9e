import { OWN_FOLDER } from '../domain/route.js';
import { actionLink, escapeHtml, pageHtml } from './layout.js';

/** Path of the dashboard's page that gets tickets. Which application is meant stands in the fragment. */
export const TICKET_PAGE = '/ticket';

/** The pages below need their own files and this server; nobody may put them into a frame. */
export const TICKET_PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * For a person who is not signed in at the host name of an application.
 * @param dashboard where it is for this browser, or null where nobody knows
 */
export function hostSignInPage(host: string, dashboard: string | null): string {
  const way =
    dashboard === null
      ? '<p>Sign in on AiKore’s dashboard first, then open the application from there.</p>'
      : `<p>Sign in on the dashboard; you come back here by yourself.</p>
${actionLink(`${dashboard}${TICKET_PAGE}`, 'Sign in')}`;
  return pageHtml({
    title: 'Sign in to AiKore',
    folder: OWN_FOLDER,
    script: 'host-sign-in.js',
    status: 'passing',
    main: `<h1>Sign in to AiKore</h1>
<p><code>${escapeHtml(host)}</code> belongs to an application that AiKore runs.</p>
${way}
<noscript><p>This needs JavaScript.</p></noscript>`,
  });
}

/** Where a browser arrives with its ticket. */
export function arrivalPage(): string {
  return pageHtml({
    title: 'Signing in',
    folder: OWN_FOLDER,
    script: 'arrival.js',
    status: 'passing',
    main: `<h1 id="heading">Signing in…</h1>
<p id="text" role="status">AiKore signs this browser in here.</p>
<a class="action" href="/" hidden>Try again</a>
<noscript><p>This needs JavaScript.</p></noscript>`,
  });
}

/** The dashboard's page that gets a ticket for an application, and asks for the password where that is needed. */
export function ticketPage(): string {
  return pageHtml({
    title: 'AiKore',
    folder: `${TICKET_PAGE}/`,
    script: 'ticket.js',
    status: 'passing',
    main: `<h1 id="heading">Opening the application…</h1>
<p id="text" role="status">AiKore signs you in there.</p>
<p id="problem" class="problem" role="alert" hidden></p>
<form id="form" hidden>
<input type="text" name="username" autocomplete="username" value="operator" hidden readonly>
<label for="password">Password</label>
<input id="password" type="password" name="password" autocomplete="current-password" maxlength="1024" required>
<button id="submit" class="action" type="submit">Sign in</button>
</form>
<button id="again" class="action" type="button" hidden>Try again</button>
<p class="soft"><a href="/">Open the dashboard</a></p>
<noscript><p>This needs JavaScript.</p></noscript>`,
  });
}
