/**
 * What NGINX shows while AiKore is away. It has to stand alone: there is nobody to ask for a style sheet. No `$` may
 * stand in it, which NGINX would take for a variable.
 */
export const AWAY_PAGE = `<!doctype html>
<html lang='en'>
<head>
<meta charset='utf-8'>
<meta name='viewport' content='width=device-width, initial-scale=1'>
<meta http-equiv='refresh' content='3'>
<title>AiKore is away for a moment</title>
<style>
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f6f7f9, #101317); color: light-dark(#1b2028, #e6e9ee) }
main { max-width: 34rem; padding: 2rem }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
p { margin: 0; color: light-dark(#586070, #9aa4b2) }
</style>
</head>
<body>
<main>
<h1>AiKore is away for a moment</h1>
<p>Applications run on. This page tries again every three seconds, and opens the application as soon as AiKore is back.</p>
</main>
</body>
</html>
`;

/** The style is the only thing that the page loads, and it lies in the page. */
export const AWAY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The same for programs. */
export const AWAY_JSON =
  '{"code":"AIKORE_AWAY","message":"AiKore does not run at the moment. Try again soon.","details":{},"request_id":"$request_id"}';

/** For a request that NGINX itself refuses. */
export const TOO_LARGE_JSON =
  '{"code":"HEADERS_TOO_LARGE","message":"The headers of this request are too large.","details":{},"request_id":"$request_id"}';
