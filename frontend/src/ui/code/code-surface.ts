import { h } from '../../base/dom.js';

export interface CodeSurface {
  element: HTMLElement;
  root: ShadowRoot;
}

/** What the libraries leave to the page; the page's own style sheet does not reach into a shadow root. */
const STYLE = `
.cm-mergeView { height: 100%; }
.cm-mergeViewEditors { min-height: 100%; }
.cm-mergeViewEditor + .cm-mergeViewEditor { border-left: 1px solid var(--line); }
.cm-merge-revert { width: 30px; background: var(--surface); border-inline: 1px solid var(--line); }
.cm-merge-revert button.cm-take { width: 24px; height: 24px; margin: 0 2px; padding: 0; }
.cm-take { border-radius: 4px; color: var(--text-soft); background: none; border: 1px solid transparent; cursor: pointer; }
.cm-take:hover { background: var(--hover); color: var(--text); }
.cm-take:focus-visible { outline: 2px solid var(--accent); }
.cm-take .icon { width: 14px; height: 14px; stroke-width: 1.8; vertical-align: -2px; }
.cm-deletedChunk button.cm-take {
  min-height: 24px; padding: 0 8px; border: 1px solid var(--line-strong); background: var(--raised); color: var(--text);
  font: 500 0.75rem/1.5 var(--font);
}
`;

let sheet: CSSStyleSheet | null = null;

/**
 * A place for an editor. CodeMirror writes its styles into a style element, which the page's policy forbids, unless it lives
 * in a shadow root: there it uses constructed style sheets (style-mod, `StyleSet`). Custom properties reach inside.
 */
export function codeSurface(focus: () => void): CodeSurface {
  const element = h('div', { class: 'code-surface' });
  // To the page the focus is on the host; who gives the focus back gives it to the host.
  element.focus = focus;
  const root = element.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [ownSheet()];
  return { element, root };
}

function ownSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  return sheet;
}
