/** What is said to who speaks plain HTTP to a port of TLS. */
export const PLAIN_HTTP_SENTENCE =
  'AiKore speaks HTTPS here: begin the address with https:// instead of http://.';

/** Nothing can be fetched from a port that refuses to talk: the page brings its looks along. */
export const PLAIN_HTTP_STYLE =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem}h1{font-size:1.4rem}a{overflow-wrap:anywhere}';

/** @param link markup that leads on, empty where there is none */
export function plainHttpPage(link: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>HTTPS only</title><style>${PLAIN_HTTP_STYLE}</style></head>
<body><main><h1>HTTPS only</h1><p>${PLAIN_HTTP_SENTENCE}</p>${link}</main></body>
</html>
`;
}

/** @param host a name or an address, perhaps with a port, in whose grammar there is nothing that HTML could misread */
export function secureLink(host: string): string {
  return `<p><a href="https://${host}/">https://${host}/</a></p>`;
}
