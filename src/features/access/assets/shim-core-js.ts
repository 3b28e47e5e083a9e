/**
 * What the shim does in pages and in workers alike: turns addresses of this origin that lie outside `/instance/` into
 * addresses under the instance's prefix. Expects `prefix` and `baseOf()`; to be put into a function.
 */
export const SHIM_CORE_JS = String.raw`
  const httpOrigin = location.origin;
  const wsOrigin = httpOrigin.replace(/^http/, 'ws');

  function isOfOurs(url) {
    // The origin of a blob: address is its maker's, so the scheme has to be looked at too.
    return /^(http|ws)s?:$/.test(url.protocol) && (url.origin === httpOrigin || url.origin === wsOrigin);
  }

  // Returns what it was given whenever nothing has to change, so that blob:, data: and fragments stay as they are.
  function rewrite(value) {
    if (typeof value !== 'string' && !(value instanceof URL)) return value;
    const text = String(value);
    if (text === '' || text.charAt(0) === '#') return value;
    let url;
    try {
      url = new URL(text, baseOf());
    } catch {
      return value;
    }
    if (!isOfOurs(url) || url.pathname.startsWith('/instance/')) return value;
    const path = prefix + url.pathname + url.search + url.hash;
    // A path stays a path, as the application may read it again; unless the base would lead it elsewhere.
    const isWhole = /^[a-z][a-z0-9+.-]*:/i.test(text) || new URL(baseOf()).origin !== httpOrigin;
    return isWhole ? url.origin + path : path;
  }

  // Workers have no document to put the shim into: the mark asks the proxy to begin their script with it.
  function rewriteWorker(value, options) {
    const moved = rewrite(value);
    let url;
    try {
      url = new URL(moved, baseOf());
    } catch {
      return value;
    }
    if (!isOfOurs(url) || !url.pathname.startsWith(prefix + '/')) return moved;
    const kind = options && options.type === 'module' ? 'module' : 'classic';
    url.search += (url.search === '' ? '?' : '&') + 'aikore_worker=' + kind;
    return url.href;
  }

  function patchMethod(owner, name, index) {
    const native = owner && owner[name];
    if (typeof native !== 'function') return;
    owner[name] = new Proxy(native, {
      apply(target, that, args) {
        if (args.length > index) args[index] = rewrite(args[index]);
        return Reflect.apply(target, that, args);
      },
    });
  }

  function patchConstructor(name, change = rewrite) {
    const native = self[name];
    if (typeof native !== 'function') return;
    self[name] = new Proxy(native, {
      construct(target, args, newTarget) {
        if (args.length > 0) args[0] = change(args[0], args[1]);
        return Reflect.construct(target, args, newTarget);
      },
    });
  }

  // A Request holds its address already resolved: it is rewritten where it is made.
  for (const name of ['Request', 'WebSocket', 'EventSource']) patchConstructor(name);
  for (const name of ['Worker', 'SharedWorker']) patchConstructor(name, rewriteWorker);
  patchMethod(self, 'fetch', 0);
  patchMethod(self.XMLHttpRequest && XMLHttpRequest.prototype, 'open', 1);
`;
