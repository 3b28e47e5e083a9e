/** Headers of the pages below: they need nothing from anywhere, and their address must not travel on. */
export const SIGNIN_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title>${head}</head>
<body><h1>${title}</h1>${body}</body>
</html>
`;
}

/**
 * The page itself goes on to the dashboard. A redirect would not do: a strict cookie is not sent along a chain of
 * redirects that began on another site, such as a chat or a mail in which the link stood.
 */
export const SIGNED_IN_PAGE = page(
  'Signed in to AiKore',
  '<p><a href="/">Go to the dashboard</a></p>',
  '<meta http-equiv="refresh" content="0;url=/">',
);

export const SPENT_LINK_PAGE = page(
  'This sign-in link does not work any more',
  '<p>It was used already, or AiKore was started again since. Start AiKore again for a new link, or <a href="/">sign in with the password</a>.</p>',
);

export const NOT_FETCHED_AHEAD_PAGE = page(
  'AiKore sign-in',
  '<p>This link works once, so it is not fetched ahead of time.</p>',
);
