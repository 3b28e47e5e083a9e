const NAME = 'aikore-sheet';

/**
 * Stands in for the style elements that xterm.js makes and the content security policy forbids: the text given to it becomes
 * a constructable style sheet of the document, for as long as the element is in it.
 */
class SheetElement extends HTMLElement {
  private readonly sheet = new CSSStyleSheet();

  override get textContent(): string {
    return '';
  }

  override set textContent(text: string | null) {
    this.sheet.replaceSync(text ?? '');
  }

  connectedCallback(): void {
    adoptSheet(this.sheet);
  }

  disconnectedCallback(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }
}

/** Has to come before the first terminal is opened. */
export function defineSheetElement(): void {
  if (!customElements.get(NAME)) customElements.define(NAME, SheetElement);
}

/** Adds a style sheet to the document, once. */
export function adoptSheet(sheet: CSSStyleSheet): void {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
}

/** A style sheet made of a text that came with the code. */
export function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
