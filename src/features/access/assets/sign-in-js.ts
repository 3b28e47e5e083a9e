/**
 * The script of the *sign in* page. A strict cookie is not sent when a link on another site was followed, but it is
 * when this page asks; and whoever signs in in another tab comes back to find the application here.
 */
export const SIGN_IN_JS = String.raw`(() => {
  'use strict';
  async function poll() {
    try {
      const answer = await fetch('/.aikore/session', { cache: 'no-store', headers: { accept: 'application/json' } });
      if (answer.status === 204) return location.reload();
    } catch {
      // AiKore restarts, or the network is away for a moment.
    }
    setTimeout(poll, document.hidden ? 10000 : 2000);
  }
  // Embedded in the dashboard, whoever signs in there is served here; the dashboard itself lets nobody embed it.
  if (window.top !== window) document.querySelector('a.action').hidden = true;
  void poll();
})();
`;
