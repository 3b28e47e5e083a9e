/** The script of the *starting* page: asks for the state each second, shows it, and loads the page anew once it can. */
export const STARTING_JS = String.raw`(() => {
  'use strict';
  const base = document.currentScript.src.replace(/[^/]*$/, '');
  const show = (id, text) => {
    const element = document.getElementById(id);
    if (!element || element.textContent === text) return;
    element.textContent = text;
    element.hidden = text === '';
  };

  function render(state) {
    document.title = state.heading;
    document.body.dataset.status = state.status;
    show('heading', state.heading);
    show('badge', state.status);
    show('reason', state.reason);
    show('phase', state.phase || '');
    show('note', '');
    const log = document.getElementById('log');
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
    show('log', state.lines.join('\n'));
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  async function poll() {
    try {
      const answer = await fetch(base + 'status', { cache: 'no-store', headers: { accept: 'application/json' } });
      // Signed out, or the instance is gone: the server has a page for that.
      if (answer.status === 401 || answer.status === 404) return location.reload();
      if (answer.ok) {
        const state = await answer.json();
        if (state.is_answering) return location.reload();
        render(state);
      }
    } catch {
      show('note', 'AiKore does not answer at the moment. This page keeps trying.');
    }
    setTimeout(poll, 1000);
  }

  // Embedded in the dashboard: the way there is no link but a key.
  if (window.top !== window) {
    document.querySelector('a.action').hidden = true;
    document.addEventListener('keydown', (event) => {
      if (event.key === 'F6') window.top.postMessage({ aikore: 'leave' }, '*');
    });
  }

  const log = document.getElementById('log');
  log.scrollTop = log.scrollHeight;
  setTimeout(poll, 500);
})();
`;
