import { digestOf, isSameDigest, randomSecret } from './secrets.js';

/** Path that the token follows: `<dashboard>/signin-link/<token>`. */
export const SIGNIN_LINK_PATH = '/signin-link/';

/** The way in while no password is set: a token that works once, and is kept in memory only. */
export class OneTimeLink {
  #digest: Buffer | null = null;

  /** A new token; one made before stops working. */
  create(): string {
    const token = randomSecret();
    this.#digest = digestOf(token);
    return token;
  }

  /** True for the right token, and that only once. */
  redeem(token: string): boolean {
    const expected = this.#digest;
    if (expected === null || !isSameDigest(expected, digestOf(token))) return false;
    this.#digest = null;
    return true;
  }

  /** Makes a redeemed token work once more, for a sign-in that failed by no fault of its holder. */
  giveBack(token: string): void {
    this.#digest ??= digestOf(token);
  }

  /** Withdraws the token. */
  discard(): void {
    this.#digest = null;
  }
}
