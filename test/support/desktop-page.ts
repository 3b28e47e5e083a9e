import type { Locator, Page } from 'playwright-core';
import { waitFor } from './wait.js';

/** What the console says of a server that is away or refuses, and noVNC of a page without TLS. */
const USUAL = /requires a secure context|WebSocket connection|Failed to load resource|net::ERR/;

const CANVAS = `document.querySelector('[data-testid="screen"] canvas')`;

/** About as many points as a letter has. */
const MAX_DIFFERENCES = 150;

/** Between two looks; letters are drawn in a moment. */
const SETTLE_MS = 400;

/** Points in which two pictures differ; those of another size have nothing in common. */
function differences(one: string, other: string): number {
  if (one.length !== other.length) return Infinity;
  return Array.from(one).filter((point, at) => point !== other[at]).length;
}

export type Colour = readonly [number, number, number];

/** The page of a desktop in a browser; what goes wrong in it is gathered. */
export class DesktopPage {
  constructor(
    readonly page: Page,
    readonly faults: string[],
  ) {
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      const isFault = message.type() === 'error' || /content security policy/i.test(text);
      if (isFault && !USUAL.test(text)) faults.push(text);
    });
  }

  get(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  heading(text: string | RegExp): Promise<void> {
    return this.get('desktop-heading').getByText(text).waitFor();
  }

  /** Waits until the desktop is on the screen. */
  async shown(): Promise<this> {
    await this.get('screen').locator('canvas').waitFor();
    await this.get('desktop-cover').waitFor({ state: 'hidden' });
    return this;
  }

  async size(width: number, height: number): Promise<void> {
    await waitFor(`the desktop has ${width} × ${height}`, async () => {
      const size = `[${CANVAS}?.width, ${CANVAS}?.height].join('x')`;
      return (await this.page.evaluate<string>(size)) === `${width}x${height}`;
    });
  }

  /** Waits for the colour of a point of the desktop, as noVNC drew it. */
  async colour(at: { x: number; y: number }, colour: Colour): Promise<void> {
    let seen: number[] = [];
    await waitFor(
      'the point has its colour',
      async () => {
        const read = `[...(${CANVAS}?.getContext('2d').getImageData(${at.x}, ${at.y}, 1, 1).data ?? [])]`;
        seen = await this.page.evaluate<number[]>(read);
        return colour.every((value, index) => Math.abs(value - (seen[index] ?? 999)) < 24);
      },
      20_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${seen.join()}`);
    });
  }

  /** Where most of the desktop is bright, row by row: letters, whatever the quality that they were sent in. */
  picture(): Promise<string> {
    return this.page.evaluate<string>(`(() => {
      const canvas = ${CANVAS};
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, 600);
      let bright = '';
      for (let at = 0; at < data.length; at += 4) bright += data[at] > 128 ? '#' : '.';
      return bright;
    })()`);
  }

  /** Waits until the desktop has stopped changing, but for a cursor that blinks. */
  async settles(): Promise<void> {
    let last = '';
    await waitFor('the picture stays', async () => {
      const before = last;
      await this.page.waitForTimeout(SETTLE_MS);
      last = await this.picture();
      return differences(before, last) < MAX_DIFFERENCES;
    });
  }

  /** Waits until the desktop looks as another picture; the cursor of the terminal may blink. */
  async looksLike(other: () => Promise<string>): Promise<void> {
    await waitFor('it is the same picture', async () => {
      const [now, picture] = [await this.picture(), await other()];
      return differences(now, picture) < MAX_DIFFERENCES;
    });
  }

  /** Gives the desktop the keyboard. */
  async click(x = 300, y = 300): Promise<void> {
    await this.get('screen').locator('canvas').click({ position: { x, y } });
  }

  async line(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
  }
}
