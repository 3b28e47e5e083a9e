/**
 * The shim's part for what carries no Referer (rel=noreferrer, referrerpolicy) and so cannot be led back by it. Expects
 * `rewrite`, `rewriteSet`, `isAddress` and the browser's own `setAttribute`.
 */
export const SHIM_REFERRER_JS = String.raw`
  const correct = (element, name) => {
    const value = element && element.getAttribute(name);
    const moved = typeof value === 'string' && isAddress(element, name, value) ? rewrite(value) : value;
    if (moved === value) return false;
    setAttribute.call(element, name, moved);
    return true;
  };
  // Listeners of the application come first, as its own router reads the address that it wrote.
  const quiet = 'a[rel~="noreferrer" i], area[rel~="noreferrer" i], a[referrerpolicy], area[referrerpolicy]';
  window.addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof Element && node.matches(quiet));
    if (link && !event.defaultPrevented) correct(link, 'href');
  });

  // A resource that was asked for without a Referer and so was not found is asked for again, before anybody hears of it.
  const correctSet = (element) => {
    const value = element.getAttribute('srcset') || '';
    const moved = rewriteSet(value);
    if (moved !== value) setAttribute.call(element, 'srcset', moved);
    return moved !== value;
  };
  const again = (element) => {
    if (element instanceof HTMLScriptElement) {
      // A script runs once, and this one had its turn.
      if (!correct(element, 'src')) return false;
      const copy = document.createElement('script');
      for (const { name, value } of element.attributes) setAttribute.call(copy, name, value);
      // Hidden from the attributes once the element is in the document.
      copy.nonce = element.nonce;
      element.replaceWith(copy);
      return true;
    }
    const sources = element.parentElement instanceof HTMLPictureElement ? element.parentElement.children : [element];
    const changed = [...sources].filter((source) => correctSet(source)).length;
    return correct(element, 'src') || correct(element, 'href') || changed > 0;
  };
  window.addEventListener(
    'error',
    (event) => {
      if (event.target instanceof Element && again(event.target)) event.stopImmediatePropagation();
    },
    true,
  );

  // The proxy sees to the policies that a document brings along; this one to those that scripts put in.
  const withoutPath = /^\s*(no-referrer|never|none|origin|strict-origin)\s*$/i;
  new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node instanceof HTMLMetaElement && node.name === 'referrer' && withoutPath.test(node.content)) {
        node.content = 'same-origin';
      }
    }
  }).observe(document.head, { childList: true });
`;
