import type { AppError } from '../errors.js';
import type { LoginLimiter } from './login-limiter.js';
import type { Passwords } from './passwords.js';

/** Checks passwords, slowed down by what failed before. */
export class PasswordCheck {
  constructor(
    private readonly passwords: Pick<Passwords, 'hash' | 'isMatch'>,
    private readonly limiter: LoginLimiter,
    /** Waits for so many milliseconds. */
    private readonly sleep: (durationMs: number) => Promise<void>,
  ) {}

  /**
   * Resolves for the right password.
   * @param key an address, or another name under which failures are counted.
   * @param storedHash null: nothing is right, and to find that out takes as long as if there were a hash.
   * @param failure makes what is thrown for a wrong password.
   * @throws also AppError `rate_limited` TOO_MANY_ATTEMPTS, `invalid` for a password that is too long.
   */
  async require(
    key: string,
    password: string,
    storedHash: string | null,
    failure: () => AppError,
  ): Promise<void> {
    const attempt = this.limiter.begin(key);
    let isRight: boolean;
    try {
      if (attempt.delayMs > 0) await this.sleep(attempt.delayMs);
      isRight = await this.#isRight(password, storedHash);
    } catch (error) {
      attempt.abandoned();
      throw error;
    }
    if (!isRight) {
      attempt.failed();
      throw failure();
    }
    attempt.succeeded();
  }

  async #isRight(password: string, storedHash: string | null): Promise<boolean> {
    if (storedHash !== null) return this.passwords.isMatch(storedHash, password);
    await this.passwords.hash(password);
    return false;
  }
}
