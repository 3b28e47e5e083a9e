/** What an element may be filled with. Strings become text nodes: there is no way to hand in markup. */
export type Child = Node | string | number | null | undefined | false;

type Handlers = {
  [K in keyof HTMLElementEventMap as `on${K}`]?: (event: HTMLElementEventMap[K]) => void;
};

export type Attributes = Handlers & Record<string, unknown>;

/**
 * Makes an element. Keys beginning with `on` are listeners, `true` is an empty attribute, `false`, null and undefined are
 * left out. `style` is refused: the content security policy forbids the attribute.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes | null = null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (attributes) applyAttributes(element, attributes);
  append(element, children);
  return element;
}

function applyAttributes(element: HTMLElement, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value as EventListener);
    } else if (name === 'href') {
      element.setAttribute('href', safeHref(String(value)));
    } else if (name !== 'style') {
      setAttribute(element, name, value as string | number | boolean | null | undefined);
    }
  }
}

/** Sets, or removes for false, null and undefined. Writes only what differs, so that nothing is laid out in vain. */
export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === false || value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces an element's text when it differs; keeps selections and avoids needless layout. */
export function setText(element: Node, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function replaceChildren(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** An address that a link may carry: http, https or a path of this origin. Anything else (`javascript:`) becomes `#`. */
export function safeHref(address: string): string {
  try {
    const url = new URL(address, location.origin);
    return url.protocol === 'http:' || url.protocol === 'https:' ? address : '#';
  } catch {
    return '#';
  }
}

let lastId = 0;

/** An id for `aria-describedby` and `for`, unique in the page. */
export function uniqueId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${String(lastId)}`;
}
