import type { BrowserContext, Page } from 'playwright-core';

/**
 * Watches everything that the pages of a browser do, from their first request on: whatever leaves for another host, opens
 * another page or a dialog of the browser's, fails, or is held back by the content security policy is a fault.
 */
export class WatchedContext {
  readonly faults: string[] = [];
  /** How many requests and connections were looked at: a watch that saw none proves nothing. */
  seenCount = 0;
  private readonly hostname: string;

  /** @param address of the dashboard */
  constructor(context: BrowserContext, address: string) {
    this.hostname = new URL(address).hostname;
    context.on('request', (request) => this.look(request.url()));
    context.on('page', (page) => this.watch(page));
  }

  private watch(page: Page): void {
    page.on('websocket', (socket) => this.look(socket.url()));
    page.on('popup', (popup) => this.faults.push(`a page opened: ${popup.url()}`));
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.faults.push(message.text());
    });
    page.on('dialog', (dialog) => {
      this.faults.push(`a dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  private look(address: string): void {
    this.seenCount += 1;
    const { protocol, hostname } = new URL(address);
    const isInner = protocol === 'data:' || protocol === 'blob:';
    if (!isInner && hostname !== this.hostname) this.faults.push(`a request left: ${address}`);
  }
}
