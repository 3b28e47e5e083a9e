/** The script of the page where a browser arrives with its ticket, on the application's own origin. */
export const ARRIVAL_JS = String.raw`(() => {
  'use strict';
  const brought = new URLSearchParams(location.hash.slice(1));
  // Before anything else: the ticket stays in no history.
  history.replaceState(null, '', location.pathname);
  const link = document.querySelector('a.action');
  const target = targetOf(brought.get('path') ?? '/');
  link.href = target;

  /** An address of this origin, whatever the fragment says. */
  function targetOf(path) {
    try {
      const url = new URL(path, location.origin);
      const isHere = url.origin === location.origin && !url.pathname.startsWith('/.aikore/');
      return isHere ? url.href : location.origin + '/';
    } catch {
      return location.origin + '/';
    }
  }

  function fail(sentence) {
    document.getElementById('heading').textContent = 'Not signed in';
    document.getElementById('text').textContent = sentence;
    link.hidden = false;
    link.focus();
  }

  async function goOn() {
    // Without a cookie the way would begin anew, in a circle.
    const session = await fetch('/.aikore/session', { cache: 'no-store', headers: { accept: 'application/json' } });
    if (session.status !== 204) return fail('This browser keeps no cookie for this address. Allow cookies here.');
    try {
      sessionStorage.removeItem('aikore-sign-in-tried');
    } catch {
      // Kept by nobody, then.
    }
    location.replace(target);
  }

  async function arrive() {
    try {
      const headers = { 'aikore-ticket': brought.get('ticket') ?? '', accept: 'application/json' };
      const answer = await fetch('/.aikore/ticket', { method: 'POST', headers, cache: 'no-store' });
      if (answer.status === 204) return await goOn();
      const body = await answer.json().catch(() => ({}));
      fail(body.message ?? 'AiKore refused the sign-in.');
    } catch {
      fail('AiKore does not answer at the moment.');
    }
  }
  if (brought.has('ticket')) void arrive();
  else location.replace(target);
})();
`;
