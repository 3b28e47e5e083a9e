import { versioned } from '../assets/own-files.js';

/** Text as it may stand in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  const named: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (char) => named[char] ?? char);
}

export interface PageParts {
  title: string;
  /** Already escaped. */
  main: string;
  /** Where the page's own files lie, ending in a slash. */
  folder: string;
  /** File name of the page's script. */
  script?: string;
  /** Seconds after which a browser without scripts loads the page anew. */
  refreshSeconds?: number;
  /** Instance status for the style. */
  status?: string;
}

/** A whole page in AiKore's dress. */
export function pageHtml(parts: PageParts): string {
  const script =
    parts.script === undefined
      ? ''
      : `<script src="${parts.folder}${versioned(parts.script)}" defer></script>\n`;
  const refresh =
    parts.refreshSeconds === undefined
      ? ''
      : `<noscript><meta http-equiv="refresh" content="${parts.refreshSeconds}"></noscript>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(parts.title)}</title>
<link rel="stylesheet" href="${parts.folder}${versioned('page.css')}">
${script}${refresh}</head>
<body data-status="${escapeHtml(parts.status ?? '')}">
<main>
${parts.main}
</main>
</body>
</html>
`;
}

/** A link that looks like a button. It leads out of a frame, for the dashboard cannot be shown in one. */
export function actionLink(href: string, label: string): string {
  return `<a class="action" target="_top" href="${escapeHtml(href)}">${escapeHtml(label)}</a>`;
}
