import { SHIM_CORE_JS } from './shim-core-js.js';
import { SHIM_REFERRER_JS } from './shim-referrer-js.js';

/**
 * The shim: put before every other script of a document, it turns addresses of this origin that lie outside
 * `/instance/` into addresses under the instance's prefix, wherever a script can name one and the request would not
 * carry a Referer with a path (WebSockets, `no-referrer` fetches) or would leave the prefix (history, navigation).
 * Everything that it does not know is left alone: the redirect by Referer catches the rest.
 */
export const SHIM_JS = String.raw`(() => {
  'use strict';
  const script = document.currentScript;
  const found = script && /^(\/instance\/[a-z0-9-]+)\/\.aikore\//.exec(new URL(script.src).pathname);
  // An application may put its documents together by hand and so bring the shim twice.
  if (!found || window.__aikoreShim) return;
  Object.defineProperty(window, '__aikoreShim', { value: true });
  script.remove();
  const prefix = found[1];
  const baseOf = () => document.baseURI;
${SHIM_CORE_JS}
  // A comma inside a data: address is followed by no space and preceded by no descriptor.
  const rewriteSet = (value) =>
    String(value).replace(
      /(^|,\s|\s[\d.]+[wxh],)(\s*)((?:\/|https?:)[^\s,]*)/gi,
      (whole, comma, space, address) => comma + space + rewrite(address),
    );

  function patchProperty(className, name, change = rewrite) {
    const prototype = window[className] && window[className].prototype;
    const native = prototype && Object.getOwnPropertyDescriptor(prototype, name);
    if (!native || !native.set) return;
    Object.defineProperty(prototype, name, {
      ...native,
      set(value) {
        native.set.call(this, change(value));
      },
    });
  }

  patchMethod(window, 'open', 0);
  patchMethod(Navigator.prototype, 'sendBeacon', 0);
  patchMethod(History.prototype, 'pushState', 2);
  patchMethod(History.prototype, 'replaceState', 2);

  const addresses = {
    src: ['Image', 'Script', 'IFrame', 'Media', 'Source', 'Track', 'Embed', 'Input'],
    href: ['Anchor', 'Area', 'Link'],
    action: ['Form'],
    formAction: ['Input', 'Button'],
    data: ['Object'],
    poster: ['Video'],
  };
  for (const [property, elements] of Object.entries(addresses)) {
    for (const element of elements) patchProperty('HTML' + element + 'Element', property);
  }
  for (const element of ['Image', 'Source']) patchProperty('HTML' + element + 'Element', 'srcset', rewriteSet);

  const attributes = new Set(['src', 'href', 'action', 'formaction', 'data', 'poster', 'xlink:href']);
  // Attributes of these names may hold anything on custom elements, so only what is clearly an address counts; and the
  // base of a document decides what relative addresses mean, which is the application's business.
  const isAddress = (element, name, value) =>
    attributes.has(String(name).toLowerCase()) && /^(\/|https?:)/i.test(value) && !(element instanceof HTMLBaseElement);
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    return setAttribute.call(this, name, isAddress(this, name, value) ? rewrite(value) : value);
  };
  const setAttributeNS = Element.prototype.setAttributeNS;
  Element.prototype.setAttributeNS = function (namespace, name, value) {
    return setAttributeNS.call(this, namespace, name, isAddress(this, name, value) ? rewrite(value) : value);
  };

${SHIM_REFERRER_JS}
  // Service workers exist in secure contexts only.
  const workers = window.ServiceWorkerContainer && ServiceWorkerContainer.prototype;
  if (workers) {
    const register = workers.register;
    workers.register = function (url, options) {
      const scoped = options && options.scope !== undefined;
      const moved = scoped ? { ...options, scope: rewrite(options.scope) } : options;
      return register.call(this, rewrite(url), moved);
    };
  }

  // The dashboard, where it embeds the application, cannot see the keys that are pressed in here.
  if (window.top !== window) {
    window.addEventListener('keydown', (event) => {
      if (event.key === 'F6' && !event.defaultPrevented) window.top.postMessage({ aikore: 'leave' }, '*');
    });
  }

  // All applications share one origin: a cookie for / would be sent to every one of them.
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  if (cookie && cookie.set) {
    Object.defineProperty(Document.prototype, 'cookie', {
      ...cookie,
      set(value) {
        const confined = String(value).replace(/(;\s*path\s*=\s*)(\/[^;]*)/gi, (whole, name, path) =>
          (path + '/').startsWith(prefix + '/') ? whole : name + prefix + path,
        );
        cookie.set.call(this, confined);
      },
    });
  }
})();
`;
