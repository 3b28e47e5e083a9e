import text from '../styles/late.css?text';

/**
 * The styles of what is loaded late: the first load does not pay for them. Whatever comes with an `import()` and has a look of its
 * own imports this module, which does its work once.
 */
const sheet = new CSSStyleSheet();
sheet.replaceSync(text);
document.adoptedStyleSheets.push(sheet);
