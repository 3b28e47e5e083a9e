/**
 * The script of the *sign in* page of an application's own origin. Whoever is signed in at the dashboard is fetched a
 * ticket there without a click; when that did not help, the page stays and waits, for a browser that keeps no cookies
 * would be sent round in a circle.
 */
export const HOST_SIGN_IN_JS = String.raw`(() => {
  'use strict';
  const TRIED = 'aikore-sign-in-tried';
  const PAUSE_MS = 15000;
  const link = document.querySelector('a.action');
  const isEmbedded = window.top !== window;
  const here = location.pathname + location.search + location.hash;

  if (isEmbedded) {
    // The dashboard lets nobody embed it.
    if (link) {
      link.href = location.href;
      link.target = '_blank';
      link.rel = 'noopener';
      link.textContent = 'Open in a window of its own';
    }
  } else if (link) {
    link.href += '#' + new URLSearchParams({ to: location.origin, path: here });
  }

  /** Also false where the browser keeps nothing for this address, cookies included. */
  function mayGoByItself() {
    if (!link || isEmbedded) return false;
    try {
      const tried = Number(sessionStorage.getItem(TRIED));
      if (Math.abs(Date.now() - tried) < PAUSE_MS) return false;
      sessionStorage.setItem(TRIED, String(Date.now()));
      return sessionStorage.getItem(TRIED) !== null;
    } catch {
      return false;
    }
  }

  async function isSignedIn() {
    try {
      const answer = await fetch('/.aikore/session', { cache: 'no-store', headers: { accept: 'application/json' } });
      return answer.status === 204;
    } catch {
      // AiKore restarts, or the network is away for a moment.
      return false;
    }
  }

  async function wait() {
    // A strict cookie is not sent when a link on another site was followed, but it is when this page asks.
    if (await isSignedIn()) return location.reload();
    setTimeout(wait, document.hidden ? 10000 : 2000);
  }

  async function begin() {
    if (await isSignedIn()) return location.reload();
    if (mayGoByItself()) return location.replace(link.href);
    document.body.dataset.status = 'waiting';
    void wait();
  }
  void begin();
})();
`;
