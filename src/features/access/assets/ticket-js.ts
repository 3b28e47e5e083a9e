/**
 * The script of the dashboard's *ticket* page: gets a ticket for the application that the fragment names and takes it
 * there. It goes where the server says, and nowhere else.
 */
export const TICKET_JS = String.raw`(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const wish = new URLSearchParams(location.hash.slice(1));
  const target = originOf(wish.get('to'));
  const form = byId('form');
  const password = byId('password');
  let hasSignedIn = false;
  let isGone = false;

  function originOf(text) {
    try {
      const url = new URL(text);
      return /^https?:$/.test(url.protocol) ? url : null;
    } catch {
      return null;
    }
  }

  function show(id, text) {
    const element = byId(id);
    if (element.textContent !== text) element.textContent = text;
    element.hidden = text === '';
  }

  function askForPassword() {
    show('heading', 'Sign in to AiKore');
    show('text', 'Sign in once to open ' + target.host + ' and everything else that AiKore runs.');
    show('problem', hasSignedIn ? 'This browser keeps no cookie for AiKore. Allow cookies for this address.' : '');
    byId('again').hidden = true;
    if (!form.hidden) return;
    form.hidden = false;
    password.focus();
  }

  function fail(sentence, mayTryAgain) {
    form.hidden = true;
    show('heading', 'This application cannot be opened');
    show('text', '');
    show('problem', sentence);
    byId('again').hidden = !mayTryAgain;
  }

  async function post(path, body) {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body), cache: 'no-store' });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  }

  async function openApplication() {
    try {
      const { status, body } = await post('/api/auth/tickets', { origin: target.origin });
      if (status === 401) return askForPassword();
      if (status !== 201) return fail(body.details?.origin ?? body.message ?? 'AiKore refused it.', status !== 422);
      isGone = true;
      const path = wish.get('path') ?? '/';
      // Behind the fragment's sign: no server and no log ever sees it.
      location.replace(body.origin + '/.aikore/ticket#' + new URLSearchParams({ ticket: body.ticket, path }));
    } catch {
      fail('AiKore does not answer at the moment.', true);
    }
  }

  async function signIn() {
    byId('submit').disabled = true;
    show('problem', '');
    try {
      const { status, body } = await post('/api/auth/login', { password: password.value });
      if (status === 200) {
        hasSignedIn = true;
        password.value = '';
        return await openApplication();
      }
      show('problem', body.details?.password ?? body.message ?? 'AiKore refused the sign-in.');
      password.select();
    } catch {
      show('problem', 'AiKore does not answer at the moment.');
    } finally {
      byId('submit').disabled = false;
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void signIn();
  });
  byId('again').addEventListener('click', () => void openApplication());
  // Somebody signed in in another tab and comes back.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !form.hidden && !isGone) void openApplication();
  });
  if (target === null) fail('This address is not complete. Open the application from the dashboard.', false);
  else void openApplication();
})();
`;
